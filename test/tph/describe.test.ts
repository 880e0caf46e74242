import { describe, expect, it } from 'vitest'
import { describeDevice } from '../../src/tph/describe.ts'
import { findFunction } from '../../src/tph/host.ts'
import type { FeatureInfo } from '../../src/tph/results.ts'
import { type Script, ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

/** What `tphctl info` says of the kernel's feature. */
function feature(rig: Rig, script: Script): FeatureInfo | null {
  rig.device.script = script
  const info = describeDevice(rig.host, findFunction(rig.host, BDF))
  expect([rig.device.opens - rig.device.closes, rig.device.count('set')]).toEqual([0, 0])
  return info.feature
}

/** PROBE of SET alone fails. */
const withoutSet =
  (errno: number): Script =>
  ({ op, bytes }) =>
    op === 'probe' && (bytes.getUint32(4, true) & 0x20000) !== 0 ? -errno : undefined

/** GET of entry 64, beyond the table, gives tag 0. */
const beyondTable: Script = ({ op, index, bytes }) => {
  if (op !== 'get' || index !== 64) return undefined
  bytes.setUint32(16, 0, true)
  return 0
}

describe('the feature in describeDevice()', () => {
  it('is supported where PROBE and the shape of GET say so', () => {
    const rig = rigOf()
    const there = { supported: true, get: true, set: true, index: 14, abi: 'tph-st' }
    expect(feature(rig, () => undefined)).toEqual(there)
    expect([rig.device.count('probe'), rig.told]).toEqual([2, []])
  })

  it.each<[string, Script]>([
    ['answers GET of every index', ({ op }) => (op === 'get' ? 0 : undefined)],
    ['knows entries beyond the table', beyondTable],
  ])('is not supported by another one that PROBE confirms and that %s', (_what, script) => {
    const rig = rigOf()
    expect(feature(rig, script)).toMatchObject({ supported: false, get: true, set: true })
    expect(rig.told).toEqual([])
  })

  it.each([25, 22, 95])('is not there where PROBE says errno %i', (errno) => {
    const rig = rigOf()
    const none = { supported: false, get: false, set: false, index: 14, abi: null }
    expect(feature(rig, ({ op }) => (op === 'probe' ? -errno : undefined))).toEqual(none)
    expect(rig.told).toEqual([])
  })

  it('lacks the method that PROBE does not confirm', () => {
    const halfThere = { supported: false, get: true, set: false }
    expect(feature(rigOf(), withoutSet(22))).toMatchObject(halfThere)
  })

  it.each<[string, Script, string]>([
    ['PROBE', ({ op }) => (op === 'probe' ? -5 : undefined), 'EIO'],
    ['PROBE of SET', withoutSet(1), 'EPERM'],
    ['GET', ({ op }) => (op === 'get' ? -1 : undefined), 'EPERM'],
  ])('is unknown, with a note, where %s fails for another reason', (_what, script, errno) => {
    const rig = rigOf()
    expect(feature(rig, script)).toBeNull()
    expect(rig.told).toEqual([expect.stringMatching(`^${BDF}: .* is unknown: .*${errno}`)])
  })

  it('is null without a note where there is no capability', () => {
    const rig = rigOf([new ScriptedDevice(BDF, 0)])
    expect(feature(rig, () => undefined)).toBeNull()
    expect([rig.device.opens, rig.told]).toEqual([0, []])
  })
})
