import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLEAR_ENTRY } from '../../src/abi/tph-st.ts'
import { CpuColumn } from '../../src/tph/cpu-column.ts'
import { EntryTable } from '../../src/tph/entry-table.ts'
import type { Ledger } from '../../src/tph/ledger-format.ts'
import { formatLedger, parseLedger } from '../../src/tph/ledger-text.ts'

const ENTRIES = 2048

/** Entries in index order with gaps, their memory types mixed. */
const entries = fc
  .tuple(
    fc.nat(ENTRIES - 80),
    fc.array(fc.tuple(fc.nat(9), fc.nat(0xffff), fc.option(fc.nat(99)), fc.boolean()), {
      maxLength: 60,
    }),
  )
  .map(([first, all]) => {
    let index = first
    return all.map(([gap, st, cpu, isPersistent]) => {
      index += gap === 0 ? 2 : 1
      const memoryType = cpu === null ? null : isPersistent && gap > 7 ? 'pm' : 'vm'
      return { index, st, cpu, memoryType } as const
    })
  })
  .filter((all) => (all.at(-1)?.index ?? 0) < ENTRIES)

function ledgerOf(before: ReturnType<typeof fullTable>): Ledger {
  const known = before.flatMap(({ cpu, memoryType, ...one }) =>
    cpu === null || memoryType === null ? [] : [{ ...one, cpu, memoryType }],
  )
  return {
    schemaVersion: 1,
    device: '0000:81:00.0',
    bootId: 'boot-1',
    owner: { pid: 4711, startTime: '99' },
    entries: EntryTable.of(known),
    undo: {
      command: 'set',
      change: 'c',
      time: 1,
      devices: '0000:81:00.0',
      before: EntryTable.of(before),
      intended: {
        indexes: Uint16Array.from(before, ({ index }) => index),
        cpus: new CpuColumn(Uint32Array.from(before, ({ cpu }) => cpu ?? CLEAR_ENTRY)),
      },
      after: Uint16Array.from(before, ({ st }) => st),
    },
  }
}

function fullTable(): {
  index: number
  st: number
  cpu: number | null
  memoryType: 'vm' | 'pm' | null
}[] {
  return Array.from({ length: ENTRIES }, (_, index) => {
    return { index, st: 0x100, cpu: index % 16, memoryType: 'vm' }
  })
}

describe('the text of a ledger', () => {
  it('reads back as the same ledger', () => {
    fc.assert(
      fc.property(entries, (before) => {
        const ledger = ledgerOf([...before])
        expect(parseLedger(formatLedger(ledger))).toEqual(ledger)
      }),
    )
  })

  it('has a full table in columns, a tenth as long as a field for each', () => {
    const table = fullTable()
    const ledger = ledgerOf(table)
    const text = formatLedger(ledger)
    expect(text.length).toBeLessThan((2 * JSON.stringify(table).length) / 5)
    expect(parseLedger(text)).toEqual(ledger)
  })

  it.each([
    ['a column that is longer than another', '"cpu":[0,', '"cpu":[0,0,'],
    ['a tag that is none', '"st":[256,', '"st":["x",'],
    ['a CPU that is none', '"cpu":[0,', '"cpu":[-1,'],
    ['columns that go beyond the largest table', '"index":0,"st"', '"index":1,"st"'],
    ['CPUs without a memory type', '"memoryType":"vm"', '"memoryType":null'],
    [
      'entries that are not in their order',
      '"index":0,"st":[',
      '"index":1,"st":0,"cpu":0,"memoryType":"vm"},{"index":0,"st":[',
    ],
    ['intentions beyond the largest table', '{"index":0,"cpu":[', '{"index":1,"cpu":['],
  ])('with %s is no ledger', (_what, good, bad) => {
    const text = formatLedger(ledgerOf(fullTable()))
    expect(text).toContain(good)
    expect(parseLedger(text.replace(good, bad))).toBeNull()
  })
})
