import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLEAR_ENTRY } from '../../src/abi/tph-st.ts'
import { CpuColumn } from '../../src/tph/cpu-column.ts'
import { EntryTable, EntryTableBuilder } from '../../src/tph/entry-table.ts'

/** Entries in index order, with gaps, some of whose CPUs are known. */
const entries = fc
  .uniqueArray(
    fc.record({
      index: fc.nat(2047),
      st: fc.nat(0xffff),
      cpu: fc.option(fc.oneof(fc.nat(300), fc.integer({ min: 0xfffe, max: 0xfffffffe }))),
      isPersistent: fc.boolean(),
    }),
    { selector: ({ index }) => index, maxLength: 60 },
  )
  .map((all) =>
    all
      .toSorted((a, b) => a.index - b.index)
      .map(({ isPersistent, ...one }) => {
        const memoryType = one.cpu === null ? null : isPersistent ? 'pm' : 'vm'
        return { ...one, memoryType } as const
      }),
  )

describe('EntryTable', () => {
  it('gives back the entries that it was made of, in index order', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const table = EntryTable.of(all.toReversed())
        expect([...table]).toEqual(all)
        expect(table.length).toBe(all.length)
      }),
    )
  })

  it('finds an entry by its index, and none that is not there', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const table = EntryTable.of(all)
        const byIndex = new Map(all.map((one) => [one.index, one]))
        for (let index = 0; index < 2048; index += 1) {
          expect(table.get(index)).toEqual(byIndex.get(index))
        }
        expect(all.map(({ index }) => table.find(index))).toEqual(all.map((_, i) => i))
      }),
      { numRuns: 20 },
    )
  })

  it('knows nothing beside its end', () => {
    const table = EntryTable.of([{ index: 3, st: 1, cpu: 2, memoryType: 'pm' }])
    expect([table.cpuAt(-1), table.cpuAt(1), table.memoryTypeAt(-1), table.find(2048)]).toEqual([
      null,
      null,
      null,
      -1,
    ])
  })

  it('takes no room for CPUs where none is known, nor for memory types where all are vm', () => {
    const of = (cpu: number | null, memoryType: 'vm' | 'pm' | null) =>
      EntryTable.of([{ index: 0, st: 1, cpu, memoryType }]).former
    expect(of(null, null)).toBeNull()
    expect(of(0, 'vm')).toMatchObject({ isPersistent: null })
    expect(of(0, 'pm')).toMatchObject({ isPersistent: Uint8Array.of(1) })
  })

  it('of a builder that expected more has those that came', () => {
    const builder = new EntryTableBuilder(5)
    builder.add(1, 0x101, 7, 'vm')
    builder.add(4, 0, null, null)
    expect([...builder.finish()]).toEqual([
      { index: 1, st: 0x101, cpu: 7, memoryType: 'vm' },
      { index: 4, st: 0, cpu: null, memoryType: null },
    ])
  })
})

describe('CpuColumn', () => {
  it.each([
    ['two bytes each', [0, CLEAR_ENTRY, 0xfffe], 2],
    ['four bytes each where a number needs it', [0, CLEAR_ENTRY, 0xffff], 4],
    ['two bytes each of none at all', [CLEAR_ENTRY], 2],
  ])('holds CPUs at %s', (_what, numbers, bytes) => {
    const column = new CpuColumn(Uint32Array.from(numbers))
    const cpus = numbers.map((one) => (one === CLEAR_ENTRY ? null : one))
    expect(column.numbers.BYTES_PER_ELEMENT).toBe(bytes)
    expect(numbers.map((_, i) => column.at(i))).toEqual(cpus)
    expect(column.slice(0, numbers.length)).toEqual(cpus)
    expect(column.slice(0, 1)).toEqual(cpus.slice(0, 1))
  })

  it('keeps its numbers when those that it was made of change', () => {
    for (const cpu of [5, 0x10000]) {
      const numbers = Uint32Array.of(cpu)
      const column = new CpuColumn(numbers)
      numbers[0] = 1
      expect(column.at(0)).toBe(cpu)
    }
  })
})
