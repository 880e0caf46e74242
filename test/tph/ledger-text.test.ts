import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLEAR_ENTRY } from '../../src/abi/tph-st.ts'
import { CpuColumn } from '../../src/tph/cpu-column.ts'
import { EntryTable } from '../../src/tph/entry-table.ts'
import type { Ledger, UndoRecord } from '../../src/tph/ledger-format.ts'
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

/** The ledger of a full table with another field of its undo. */
function withUndo(fields: Partial<UndoRecord>): Ledger {
  const { undo, ...ledger } = ledgerOf(fullTable())
  if (undo === null) throw new RangeError('no undo')
  return { ...ledger, undo: { ...undo, ...fields } }
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

  it.each(
    (['none', 'iv', 'ds', 'reserved'] as const).flatMap((mode) =>
      (['off', 'tph', 'extended', 'reserved'] as const).map((requester) => ({ mode, requester })),
    ),
  )('has the control register of before: $mode, $requester', (control) => {
    const ledger = withUndo({ control })
    expect(parseLedger(formatLedger(ledger))).toEqual(ledger)
  })

  it.each([
    '{"mode":"on","requester":"off"}',
    '{"mode":"iv","requester":"on"}',
    '{"mode":"iv"}',
    '{"requester":"off"}',
    '[]',
    'null',
  ])('is none with %s for a control register', (control) => {
    const text = formatLedger(withUndo({ control: { mode: 'iv', requester: 'off' } }))
    const bad = text.replace('{"mode":"iv","requester":"off"}', control)
    expect(bad).not.toBe(text)
    expect(parseLedger(bad)).toBeNull()
  })

  it('has no tags after a change that its command did not live to see', () => {
    const ledger = withUndo({ after: null })
    expect(parseLedger(formatLedger(ledger))).toEqual(ledger)
  })

  it('has nothing to undo, where that is done', () => {
    const ledger: Ledger = { ...ledgerOf(fullTable()), undo: null }
    expect(parseLedger(formatLedger(ledger))).toEqual(ledger)
  })

  it.each([7, 8, 9])('writes %i consecutive entries in columns from eight on', (count) => {
    const ledger = ledgerOf(fullTable().slice(0, count))
    const { undo } = JSON.parse(formatLedger(ledger))
    const rows = count < 8 ? count : 1
    expect([undo.before.length, undo.intended.length]).toEqual([rows, rows])
    expect(parseLedger(formatLedger(ledger))).toEqual(ledger)
  })

  it('has entries of which no CPU is known in columns without CPUs', () => {
    const before = fullTable().map((one) => ({ ...one, st: 0xffff, cpu: null, memoryType: null }))
    const ledger = ledgerOf(before)
    const [columns] = JSON.parse(formatLedger(ledger)).undo.before
    expect(columns).toMatchObject({ index: 0, cpu: null, memoryType: null })
    expect(parseLedger(formatLedger(ledger))).toEqual(ledger)
  })

  it('has persistent memory in columns of its own', () => {
    const before = fullTable().map((one) => ({
      ...one,
      memoryType: one.index < 100 ? ('vm' as const) : ('pm' as const),
    }))
    const ledger = ledgerOf(before)
    const columns = JSON.parse(formatLedger(ledger)).undo.before
    expect(columns).toMatchObject([
      { index: 0, memoryType: 'vm' },
      { index: 100, memoryType: 'pm' },
    ])
    expect(parseLedger(formatLedger(ledger))).toEqual(ledger)
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
    ['an intention for a CPU that is none', '{"index":0,"cpu":[0,', '{"index":0,"cpu":[-1,'],
    [
      'an intention that is not in its order',
      '"intended":[{"index":0,"cpu":[',
      '"intended":[{"index":1,"cpu":0},{"index":0,"cpu":[',
    ],
    [
      'an entry twice',
      '"index":0,"st":[',
      '"index":0,"st":0,"cpu":0,"memoryType":"vm"},{"index":0,"st":[',
    ],
    ['an entry without a CPU among those with one', '"cpu":[0,', '"cpu":[null,'],
    ['a device that is no text', '"device":"0000:81:00.0"', '"device":["0000:81:00.0"]'],
  ])('with %s is no ledger', (_what, good, bad) => {
    const text = formatLedger(ledgerOf(fullTable()))
    expect(text).toContain(good)
    expect(parseLedger(text.replace(good, bad))).toBeNull()
  })
})
