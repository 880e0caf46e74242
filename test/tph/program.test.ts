import { describe, expect, it } from 'vitest'
import { cpus, fates, get, only, set } from './scripted-commands.ts'
import { DS_WITHOUT_TABLE, ScriptedDevice } from './scripted-device.ts'
import { BDF, rigOf } from './scripted-host.ts'

const EIO = -5

/** Three runs: 0-1, 4-5 and 8, each in its turn the one whose SET fails. */
const ENTRIES = ['0-1=1-2', '4-5=3-4', '8=5']
const INDEXES = [0, 1, 4, 5, 8]

/** A device whose nth SET from now on fails. */
const failing = (nth: number) => {
  const rig = rigOf()
  rig.device.script = (call) => (call.op === 'set' && call.nth === nth ? EIO : undefined)
  return rig
}

describe('program()', () => {
  it('sends one SET a run and says what was applied', () => {
    const rig = rigOf()
    const outcome = set(rig, '0-1=1-2', '2=3@pm', '8=5', '9=none')
    expect(outcome.error).toBeNull()
    expect(rig.device.sets).toEqual(
      [
        { index: 0, data: [1, 2] },
        { index: 2, data: [3] },
        { index: 8, data: [5, 0xffffffff] },
      ].toSorted((a, b) => a.index - b.index),
    )
    expect(only(outcome)).toEqual({
      device: BDF,
      changed: true,
      applied: [
        { index: 0, count: 2, memoryType: 'vm', cpus: [1, 2] },
        { index: 2, count: 1, memoryType: 'pm', cpus: [3] },
        { index: 8, count: 2, memoryType: 'vm', cpus: [5, null] },
      ],
      restored: [],
      failed: [],
      skipped: [],
    })
  })

  it('says that nothing changed when it set what was there', () => {
    const rig = rigOf()
    set(rig, '0=1')
    expect(only(set(rig, '0=1'))).toMatchObject({ changed: false, applied: [{ index: 0 }] })
  })

  it.each([
    [1, { 0: 'failed', 1: 'failed', 4: 'skipped', 5: 'skipped', 8: 'skipped' }],
    [2, { 0: 'restored', 1: 'restored', 4: 'failed', 5: 'failed', 8: 'skipped' }],
    [3, { 0: 'restored', 1: 'restored', 4: 'restored', 5: 'restored', 8: 'failed' }],
  ])('puts back what was applied before SET %i failed, each index named once', (nth, expected) => {
    const rig = failing(nth)
    const outcome = set(rig, ...ENTRIES)
    expect(outcome.error).toMatchObject({ code: 'refused', errno: 'EIO', device: BDF })
    expect(fates(only(outcome))).toEqual(expected)
    expect(only(outcome)).toMatchObject({ changed: false, failed: [{ errno: 'EIO' }] })
    expect(INDEXES.map((index) => rig.device.tags[index])).toEqual([0, 0, 0, 0, 0])
    expect(cpus(rig, INDEXES)).toEqual([null, null, null, null, null])
  })

  it('puts back the CPUs that were there before, and get shows them', () => {
    const rig = rigOf()
    set(rig, '0=7', '1=6@pm')
    rig.device.script = (call) => (call.op === 'set' && call.index === 8 ? EIO : undefined)
    expect(fates(only(set(rig, ...ENTRIES)))).toMatchObject({ 0: 'restored', 1: 'restored' })
    expect(get(rig, [0, 1])).toEqual([
      { index: 0, st: 0x107, cpu: 7, memoryType: 'vm' },
      { index: 1, st: 0x206, cpu: 6, memoryType: 'pm' },
    ])
  })

  it('leaves applied what had a tag of an unknown CPU, and get shows the new CPU', () => {
    const rig = failing(3)
    rig.device.tags[1] = 0x107
    const outcome = set(rig, ...ENTRIES)
    expect(fates(only(outcome))).toEqual({
      0: 'restored',
      1: 'applied',
      4: 'restored',
      5: 'restored',
      8: 'failed',
    })
    expect(only(outcome).changed).toBe(true)
    expect(get(rig, [0, 1])).toEqual([
      { index: 0, st: 0, cpu: null, memoryType: null },
      { index: 1, st: 0x102, cpu: 2, memoryType: 'vm' },
    ])
  })

  it('leaves applied what cannot be put back because that SET fails too', () => {
    const rig = rigOf()
    rig.device.script = (call) => (call.op === 'set' && call.nth >= 2 ? EIO : undefined)
    const outcome = set(rig, ...ENTRIES)
    expect(fates(only(outcome))).toEqual({
      0: 'applied',
      1: 'applied',
      4: 'failed',
      5: 'failed',
      8: 'skipped',
    })
    expect(cpus(rig, [0, 1, 4])).toEqual([1, 2, null])
  })

  it('puts back what was applied also where the failed entries refuse every SET', () => {
    const rig = rigOf()
    rig.device.script = ({ op, index, count }) =>
      op === 'set' && index <= 2 && 2 < index + count ? EIO : undefined
    expect(fates(only(set(rig, '0-1=1-2', '2=3@pm')))).toEqual({
      0: 'restored',
      1: 'restored',
      2: 'failed',
    })
    expect(rig.device.tags.slice(0, 3)).toEqual([0, 0, 0])
  })

  it('retries a SET that a signal interrupted, and no other', () => {
    const rig = rigOf()
    rig.device.script = (call) => (call.op === 'set' && call.nth <= 3 ? -4 : undefined)
    expect(set(rig, '0=1').error).toBeNull()
    expect(rig.device.count('set')).toBe(4)
    const other = failing(1)
    other.device.script = (call) => (call.op === 'set' ? -11 : undefined)
    expect(set(other, '0=1').error).toMatchObject({ errno: 'EAGAIN' })
  })

  it('gives back fd and lock on every path', () => {
    for (const nth of [0, 1, 2, 3]) {
      const rig = failing(nth)
      set(rig, ...ENTRIES)
      expect([rig.device.opens, rig.device.closes, rig.backend.locked]).toEqual([1, 1, 0])
    }
  })

  it('fills 2048 entries of a device without a table with one SET', () => {
    const rig = rigOf([new ScriptedDevice(BDF, DS_WITHOUT_TABLE)])
    rig.device.tagOf = (cpu) => 1 + 2 * cpu
    expect(set(rig, '0-2047=3').error).toBeNull()
    expect(rig.device.sets).toHaveLength(1)
  })
})
