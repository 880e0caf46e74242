import { describe, expect, it } from 'vitest'
import { findTphFunction } from '../../src/tph/host.ts'
import { askTags } from '../../src/tph/tag.ts'
import { coded } from './scripted-commands.ts'
import { DS_WITHOUT_TABLE, ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const SCRATCH = 2047

function rigWithoutTable(): Rig {
  return rigOf([new ScriptedDevice(BDF, DS_WITHOUT_TABLE)])
}

const ask = (
  { host }: Rig,
  cpus: readonly number[],
  memoryType: 'vm' | 'pm' = 'vm',
  dryRun = false,
) => askTags(host, findTphFunction(host, BDF), cpus, memoryType, dryRun)

/** That nothing of ours is left: entry, fd, lock. */
function expectTidy({ device, backend }: Rig): void {
  expect(device.tags.every((tag) => tag === 0)).toBe(true)
  expect([device.opens - device.closes, backend.locked]).toEqual([0, 0])
}

describe('askTags()', () => {
  it('gives the tag of each CPU in the order asked, and clears the entry it used', () => {
    const rig = rigWithoutTable()
    expect(ask(rig, [3, 1, 3], 'pm')).toEqual({
      device: BDF,
      tags: [
        { cpu: 3, st: 0x203, memoryType: 'pm' },
        { cpu: 1, st: 0x201, memoryType: 'pm' },
        { cpu: 3, st: 0x203, memoryType: 'pm' },
      ],
    })
    expect(rig.device.sets.every(({ index }) => index === SCRATCH)).toBe(true)
    expect(rig.device.sets.at(-1)?.data).toEqual([0xffffffff])
    expectTidy(rig)
  })

  it('clears the entry also when a SET fails', () => {
    const rig = rigWithoutTable()
    rig.device.script = ({ op, nth }) => (op === 'set' && nth === 2 ? -22 : undefined)
    expect(() => ask(rig, [1, 2])).toThrow('ask for the tag of CPU 2: EINVAL')
    expectTidy(rig)
  })

  it('clears the entry also when a GET fails', () => {
    const rig = rigWithoutTable()
    rig.device.script = ({ op }) => (op === 'get' && rig.device.sets.length > 0 ? -5 : undefined)
    expect(() => ask(rig, [1])).toThrow('EIO')
    expectTidy(rig)
  })

  it('says so when clearing fails', () => {
    const rig = rigWithoutTable()
    rig.device.script = ({ op, nth }) => (op === 'set' && nth === 2 ? -5 : undefined)
    expect(() => ask(rig, [1])).toThrow('Cannot clear entry 2047')
  })

  it('refuses as busy when the entry is in use, and leaves it', () => {
    const rig = rigWithoutTable()
    rig.device.tags[SCRATCH] = 0x42
    expect(() => ask(rig, [1])).toThrow(coded('busy'))
    expect(() => ask(rig, [1])).toThrow('0x0042')
    expect([rig.device.tags[SCRATCH], rig.device.sets]).toEqual([0x42, []])
    expect([rig.device.opens - rig.device.closes, rig.backend.locked]).toEqual([0, 0])
  })

  it('refuses a device with a table and does not open it', () => {
    const rig = rigOf()
    expect(() => ask(rig, [1])).toThrow(coded('unsupported'))
    expect(rig.device.opens).toBe(0)
  })

  it('refuses what the guard refuses', () => {
    const rig = rigWithoutTable()
    rig.device.script = ({ op }) => (op === 'probe' ? -25 : undefined)
    expect(() => ask(rig, [1])).toThrow(coded('unsupported'))
    expect(rig.device.count('set')).toBe(0)
  })

  it('as a rehearsal opens nothing', () => {
    const rig = rigWithoutTable()
    expect(ask(rig, [1], 'vm', true)).toMatchObject({
      tags: [],
      planned: [{ index: SCRATCH, count: 1, cpus: [1] }],
    })
    expect(rig.device.opens).toBe(0)
  })
})
