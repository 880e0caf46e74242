import { describe, expect, it } from 'vitest'
import { UsageError } from '../../src/errors.ts'
import { getEntries } from '../../src/tph/get-entries.ts'
import { findTphFunction } from '../../src/tph/host.ts'
import { coded, get, set } from './scripted-commands.ts'
import { DS_WITHOUT_TABLE, ScriptedDevice } from './scripted-device.ts'
import { BDF, rigOf } from './scripted-host.ts'

const all = ({ host }: ReturnType<typeof rigOf>) =>
  getEntries(host, findTphFunction(host, BDF), null)

describe('getEntries()', () => {
  it('gives the whole table, what is known of each entry included', () => {
    const rig = rigOf()
    set(rig, '63=5@pm')
    rig.device.tags[1] = 0x107
    const { device, entries } = all(rig)
    expect([device, entries.length]).toEqual([BDF, 64])
    expect([entries[0], entries[1], entries[63]]).toEqual([
      { index: 0, st: 0, cpu: null, memoryType: null },
      { index: 1, st: 0x107, cpu: null, memoryType: null },
      { index: 63, st: 0x205, cpu: 5, memoryType: 'pm' },
    ])
  })

  it('gives the entries asked for in the order asked, with one GET for each stretch', () => {
    const rig = rigOf()
    set(rig, '0-9=0-7,0-1')
    const before = rig.device.count('get')
    expect(get(rig, [9, 2, 3, 1]).map(({ index, st }) => [index, st])).toEqual([
      [9, 0x101],
      [2, 0x102],
      [3, 0x103],
      [1, 0x101],
    ])
    const ofGuard = 2
    expect(rig.device.count('get') - before - ofGuard).toBe(2)
  })

  it('rejects an index beyond the table, naming it and the table, and opens nothing', () => {
    const rig = rigOf()
    expect(() => get(rig, [0, 64])).toThrow(UsageError)
    expect(() => get(rig, [0, 64])).toThrow(/index 64.*64 entries, 0-63/)
    expect(rig.device.opens).toBe(0)
  })

  it('needs indexes where there is no table', () => {
    const rig = rigOf([new ScriptedDevice(BDF, DS_WITHOUT_TABLE)])
    expect(() => all(rig)).toThrow(UsageError)
    expect(get(rig, [2047])).toHaveLength(1)
    expect(() => get(rig, [2048])).toThrow(UsageError)
  })

  it('rejects a device whose table location is reserved', () => {
    const rig = rigOf([new ScriptedDevice(BDF, 0x00000607)])
    expect(() => get(rig, [0])).toThrow(coded('unsupported'))
  })

  it('reports a GET that fails after the guard', () => {
    const rig = rigOf()
    rig.device.script = ({ op, index }) => (op === 'get' && index === 5 ? -19 : undefined)
    expect(() => get(rig, [5])).toThrow(/get entry 5: ENODEV/)
    expect(rig.device.closes).toBe(rig.device.opens)
  })

  it('takes no lock and changes nothing', () => {
    const rig = rigOf()
    rig.backend.onLock = () => expect.fail('locked')
    get(rig, [0])
    expect(rig.device.count('set')).toBe(0)
  })
})
