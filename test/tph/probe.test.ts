import { describe, expect, it } from 'vitest'
import { probeDevice } from '../../src/tph/probe.ts'
import { type Script, ScriptedDevice } from './scripted-device.ts'
import { BDF, rigOf } from './scripted-host.ts'

const probe = (script: Script) => {
  const rig = rigOf()
  rig.device.script = script
  const answer = probeDevice(rig.host, BDF)
  expect([rig.device.opens - rig.device.closes, rig.device.count('set')]).toEqual([0, 0])
  expect(rig.device.count('probe'), 'one PROBE a method').toBe(2)
  return answer
}

/** PROBE of an op fails: 0x10000 asks for GET, 0x20000 for SET. */
const lacking =
  (bit: number): Script =>
  ({ op, bytes }) =>
    op === 'probe' && (bytes.getUint32(4, true) & bit) !== 0 ? -22 : undefined

describe('probeDevice()', () => {
  it('says that the feature is there with both methods', () => {
    expect(probe(() => undefined)).toEqual({
      value: {
        device: BDF,
        supported: true,
        get: true,
        set: true,
        featureIndex: 14,
        reason: null,
        abi: 'tph-st',
        how: 'PROBE and the shape of GET',
      },
      error: null,
    })
  })

  it.each([
    ['GET', 0x10000, { get: false, set: true }],
    ['SET', 0x20000, { get: true, set: false }],
  ])('says that %s is lacking, with the error that set would give', (name, bit, methods) => {
    const { value, error } = probe(lacking(bit))
    expect(value).toMatchObject({ supported: false, ...methods })
    expect(value.reason).toContain(`PROBE ${name} says EINVAL`)
    expect(error).toMatchObject({ code: 'unsupported', errno: 'EINVAL', device: BDF })
  })

  it('does not take another feature that answers PROBE for TPH_ST', () => {
    const { value } = probe(({ op }) => (op === 'get' ? 0 : undefined))
    expect(value).toMatchObject({ supported: false, get: true, set: true })
    expect(value.reason).not.toBeNull()
  })

  it('says of a device without the capability that it has none, and does not open it', () => {
    const rig = rigOf([new ScriptedDevice(BDF, 0)])
    const { value, error } = probeDevice(rig.host, BDF)
    expect(value).toMatchObject({ supported: false, get: false, set: false })
    expect(value.reason).toContain('no TPH Requester capability')
    expect(error).toMatchObject({ code: 'unsupported' })
    expect(rig.device.opens).toBe(0)
  })
})
