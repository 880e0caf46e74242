import { describe, expect, it } from 'vitest'
import { coded } from './scripted-commands.ts'
import { DS_WITHOUT_TABLE, ScriptedDevice } from './scripted-device.ts'
import { BDF, rigOf } from './scripted-host.ts'
import { ask, expectTidy, rigWithoutTable, SCRATCH } from './tag-rig.ts'

/** The hint of what is thrown. */
function hintOf(act: () => unknown): string | undefined {
  try {
    act()
  } catch (error) {
    return (error as { hint?: string }).hint
  }
  return undefined
}

describe('askTags()', () => {
  it('gives the tag of each CPU in the order asked, and clears the entry it used', () => {
    const rig = rigWithoutTable()
    expect(ask(rig, [3, 1, 3], 'pm')).toEqual({
      value: {
        device: BDF,
        tags: [
          { cpu: 3, st: 0x203, memoryType: 'pm' },
          { cpu: 1, st: 0x201, memoryType: 'pm' },
          { cpu: 3, st: 0x203, memoryType: 'pm' },
        ],
      },
      error: null,
    })
    expect(rig.device.sets.every(({ index }) => index === SCRATCH)).toBe(true)
    expect(rig.device.sets.at(-1)?.data).toEqual([0xffffffff])
    expect(rig.told).toEqual([])
    expectTidy(rig)
  })

  it('refuses as busy when the entry is in use, and leaves it', () => {
    const rig = rigWithoutTable()
    rig.device.tags[SCRATCH] = 0x42
    expect(() => ask(rig, [1])).toThrow(coded('busy'))
    expect(() => ask(rig, [1])).toThrow('0x0042')
    expect(hintOf(() => ask(rig, [1]))).toContain(`tphctl clear ${BDF} 2047`)
    expect([rig.device.tags[SCRATCH], rig.device.sets]).toEqual([0x42, []])
    expect([rig.device.opens - rig.device.closes, rig.backend.locked]).toEqual([0, 0])
  })

  it('refuses a device with a table, does not open it, and has no warnings for it', () => {
    const rig = rigOf()
    expect(() => ask(rig, [12])).toThrow(coded('unsupported'))
    expect([rig.device.opens, rig.told]).toEqual([0, []])
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
      value: { tags: [], planned: [{ index: SCRATCH, count: 1, cpus: [1] }] },
      error: null,
    })
    expect(rig.device.opens).toBe(0)
  })
})

describe('askTags() of suspicious CPUs or tags', () => {
  it('warns of CPUs on another socket and of those not the owner’s', () => {
    const rig = rigWithoutTable()
    rig.backend.owner = { ...rig.backend.owner, allowedCpus: [0, 1, 12] }
    expect(ask(rig, [1, 2, 12]).error).toBeNull()
    expect(rig.told.join('\n')).toMatch(/may not run on CPU 2\n.*CPU 12 is on another socket/)
  })

  it('under strict refuses them before it opens the device', () => {
    const rig = rigOf([new ScriptedDevice(BDF, DS_WITHOUT_TABLE)], { strict: true })
    expect(() => ask(rig, [12])).toThrow('another socket')
    expect(rig.device.opens).toBe(0)
  })

  it('notes tag 0 and tags that CPUs share', () => {
    const rig = rigWithoutTable()
    rig.device.tagOf = (cpu) => (cpu === 3 ? 0 : 9)
    expect(ask(rig, [1, 2, 3]).error).toBeNull()
    expect(rig.told).toEqual([
      `${BDF}: CPUs 1-2 share tag 0x0009: steering cannot tell them apart`,
      `${BDF}: tag 0 for CPU 3: the firmware has no steering tag for it`,
    ])
  })
})
