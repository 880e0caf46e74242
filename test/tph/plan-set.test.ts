import { describe, expect, it } from 'vitest'
import { parseEntry } from '../../src/args/entry.ts'
import { NotFoundError, UsageError } from '../../src/errors.ts'
import { planClear, planSet } from '../../src/tph/plan-set.ts'
import { coded } from './scripted-commands.ts'
import { ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const plan = ({ host }: Rig, ...words: readonly string[]) =>
  planSet(
    host,
    BDF,
    words.map((word) => parseEntry(word)),
    { memoryType: 'vm', cycle: false },
  ).runs

describe('planSet()', () => {
  it('groups by memory type, sorts and merges into runs', () => {
    expect(plan(rigOf(), '4-5=1', '3=0@pm', '0-2=2-4')).toEqual([
      { index: 0, count: 3, memoryType: 'vm', cpus: [2, 3, 4] },
      { index: 3, count: 1, memoryType: 'pm', cpus: [0] },
      { index: 4, count: 2, memoryType: 'vm', cpus: [1, 1] },
    ])
  })

  it('opens no device', () => {
    const rig = rigOf()
    plan(rig, '0=1')
    expect(rig.device.opens).toBe(0)
  })

  it.each([
    ['an offline CPU', '0=16', /CPU 16 is offline/],
    ['a CPU that is not there', '0=20', /CPU 20 does not exist/],
    ['an index beyond the table', '64=1', /index 64/],
    ['too few CPUs', '0-3=1-2', /4 indexes but 2 CPUs/],
  ])('rejects %s', (_what, word, message) => {
    expect(() => plan(rigOf(), word)).toThrow(UsageError)
    expect(() => plan(rigOf(), word)).toThrow(message)
  })

  it('rejects an index given twice', () => {
    expect(() => plan(rigOf(), '0-3=1', '3=2')).toThrow(/index 3 is already given/)
  })

  it('rejects a device that is not there, and one without TPH', () => {
    const { host } = rigOf([new ScriptedDevice(BDF, 0)])
    expect(() => planClear(host, '0000:99:00.0', [0])).toThrow(NotFoundError)
    expect(() => planClear(host, BDF, [0])).toThrow(coded('unsupported'))
  })

  it('warns of CPUs on another socket and of those the owner may not use', () => {
    const rig = rigOf()
    rig.backend.owner = { ...rig.backend.owner, allowedCpus: [0, 1, 2] }
    plan(rig, '0-3=1,2,3,9')
    expect(rig.told).toEqual([
      `${BDF}: its owner, pid 4711 (qemu), may not run on CPU 3,9`,
      `${BDF}: CPU 9 is on another socket than the device`,
    ])
    expect(() => plan(rigOf([new ScriptedDevice(BDF)], { strict: true }), '0=9')).toThrow(
      UsageError,
    )
  })
})

describe('planClear()', () => {
  it('clears indexes in order, whatever order they were given in', () => {
    expect(planClear(rigOf().host, BDF, [5, 0, 1]).runs).toEqual([
      { index: 0, count: 2, memoryType: 'vm', cpus: [null, null] },
      { index: 5, count: 1, memoryType: 'vm', cpus: [null] },
    ])
  })
})
