import { describe, expect, it } from 'vitest'
import { BusyError } from '../../src/errors.ts'
import { undoDevice } from '../../src/tph/undo.ts'
import { clear, cpus, fates, get, set } from './scripted-commands.ts'
import { ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const undo = ({ host }: Rig) => undoDevice(host, BDF, false)

describe('undoDevice()', () => {
  it('puts back exactly what the last SET changed', () => {
    const rig = rigOf()
    set(rig, '0=1', '1=2@pm', '3=3')
    set(rig, '0-2=7', '5=7')
    const { result, error } = undo(rig)
    expect(error).toBeNull()
    expect(fates(result)).toEqual({ 0: 'restored', 1: 'restored', 2: 'restored', 5: 'restored' })
    expect(result.changed).toBe(true)
    expect(get(rig, [0, 1, 2, 3, 5])).toEqual([
      { index: 0, st: 0x101, cpu: 1, memoryType: 'vm' },
      { index: 1, st: 0x202, cpu: 2, memoryType: 'pm' },
      { index: 2, st: 0, cpu: null, memoryType: null },
      { index: 3, st: 0x103, cpu: 3, memoryType: 'vm' },
      { index: 5, st: 0, cpu: null, memoryType: null },
    ])
  })

  it('puts back what clear took away', () => {
    const rig = rigOf()
    set(rig, '0-1=4-5')
    clear(rig, 0, 1)
    expect(undo(rig).error).toBeNull()
    expect(cpus(rig, [0, 1])).toEqual([4, 5])
  })

  it('has nothing to undo the second time, nor without a ledger', () => {
    const rig = rigOf()
    expect(undo(rig).result.changed).toBe(false)
    set(rig, '0=1')
    undo(rig)
    const { length } = rig.device.sets
    expect(undo(rig)).toMatchObject({ error: null, result: { changed: false, restored: [] } })
    expect(rig.device.sets).toHaveLength(length)
    expect(rig.told).toEqual(Array(2).fill(`${BDF}: nothing to undo in this boot`))
  })

  it('has nothing to undo of another boot', () => {
    const rig = rigOf()
    set(rig, '0=1')
    rig.backend.bootId = 'boot-2'
    expect(undo(rig).result.changed).toBe(false)
    expect(rig.device.tags[0]).toBe(0x101)
  })

  it('is refused as busy when the device has another owner by now', () => {
    const rig = rigOf()
    set(rig, '0=1')
    rig.backend.owner = { ...rig.backend.owner, pid: 5000 }
    expect(() => undo(rig)).toThrow(BusyError)
    expect(() => undo(rig)).toThrow(/4711.*5000/)
    expect(rig.device.sets).toHaveLength(1)
  })

  it('warns when somebody else changed an entry since, and puts it back all the same', () => {
    const rig = rigOf()
    set(rig, '0-2=1-3')
    rig.device.tags[1] = 0x107
    expect(undo(rig).error).toBeNull()
    expect(rig.told.join()).toMatch(/entries 1 were changed by somebody else/)
    expect(rig.device.tags.slice(0, 3)).toEqual([0, 0, 0])
  })

  it('under strict changes nothing in that case', () => {
    const rig = rigOf([new ScriptedDevice(BDF)], { strict: true })
    set(rig, '0=1')
    rig.device.tags[0] = 0x107
    expect(() => undo(rig)).toThrow('changed by somebody else')
    expect(rig.device.tags[0]).toBe(0x107)
  })

  it('names the entries whose former CPU is unknown, and knows those there now', () => {
    const rig = rigOf()
    rig.device.tags.splice(1, 2, 0x106, 0x107)
    set(rig, '0-2=1-3')
    const { result, error } = undo(rig)
    expect(error).toMatchObject({ code: 'refused', device: BDF })
    expect(error?.message).toContain('entries 1-2')
    expect(fates(result)).toEqual({ 0: 'restored', 1: 'failed', 2: 'failed' })
    expect(result.failed).toMatchObject([{ index: 1, count: 2, errno: null }])
    expect(rig.device.tags.slice(0, 3)).toEqual([0, 0x102, 0x103])
    expect(cpus(rig, [0, 1, 2])).toEqual([null, 2, 3])
    expect(undo(rig).error?.message).toContain('entries 1-2')
  })

  it('does not miss the CPU of an entry that has its former tag by now', () => {
    const rig = rigOf()
    rig.device.tags[0] = 0x106
    set(rig, '0=1')
    rig.device.tags[0] = 0x106
    expect(undo(rig).error).toBeNull()
    expect(rig.device.tags[0]).toBe(0x106)
  })

  it('that fails half way can be repeated', () => {
    const rig = rigOf()
    set(rig, '0=1', '4=2')
    set(rig, '0=5', '4=6')
    rig.device.script = ({ op, index }) => (op === 'set' && index === 4 ? -5 : undefined)
    const { result, error } = undo(rig)
    expect(error).toMatchObject({ errno: 'EIO' })
    expect(fates(result)).toEqual({ 0: 'restored', 4: 'failed' })
    rig.device.script = () => undefined
    expect(undo(rig).error).toBeNull()
    expect(cpus(rig, [0, 4])).toEqual([1, 2])
  })

  it('as a rehearsal tells the runs and sends none', () => {
    const rig = rigOf()
    set(rig, '0=1')
    const { result } = undoDevice(rig.host, BDF, true)
    expect(result.planned).toEqual([{ index: 0, count: 1, memoryType: 'vm', cpus: [null] }])
    expect(rig.device.tags[0]).toBe(0x101)
  })

  it('undoes what a failed command could not take back itself', () => {
    const rig = rigOf()
    rig.device.script = ({ op, nth }) => (op === 'set' && nth > 1 ? -5 : undefined)
    set(rig, '0=1', '4=2')
    rig.device.script = () => undefined
    expect(rig.device.tags[0]).toBe(0x101)
    expect(undo(rig).error).toBeNull()
    expect(rig.device.tags[0]).toBe(0)
  })

  it('undoes the command before one that was taken back', () => {
    const rig = rigOf()
    set(rig, '0=1')
    rig.device.script = ({ op, index }) => (op === 'set' && index === 4 ? -5 : undefined)
    set(rig, '0=2', '4=3')
    rig.device.script = () => undefined
    expect(rig.device.tags[0]).toBe(0x101)
    undo(rig)
    expect(rig.device.tags[0]).toBe(0)
  })
})
