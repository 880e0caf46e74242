import { CLEAR_ENTRY } from '../../../src/abi/tph-st.ts'
import { CpuColumn } from '../../../src/tph/cpu-column.ts'
import { EntryTable } from '../../../src/tph/entry-table.ts'
import type { Ledger } from '../../../src/tph/ledger-format.ts'
import { formatLedger, parseLedger } from '../../../src/tph/ledger-text.ts'
import { bytesOf, promise, promiseSame, type Target, textOf } from '../target.ts'

const FRAME = {
  schemaVersion: 1,
  device: '0000:81:00.0',
  bootId: 'boot',
  owner: { pid: 4242, startTime: '99' },
} as const

function ledgerOf(count: number): Ledger {
  const before = Array.from({ length: count }, (_, i) => {
    return { index: i, st: 0x100 + i, cpu: i, memoryType: 'vm' } as const
  })
  const undo = {
    command: 'apply',
    change: 'c1',
    time: 1700000000000,
    devices: '0000:81:00.0 0000:82:00.0',
    before: EntryTable.of([...before, { index: count + 1, st: 0, cpu: null, memoryType: null }]),
    intended: {
      indexes: Uint16Array.from(before, ({ index }) => index),
      cpus: new CpuColumn(
        Uint32Array.from(before, ({ index }) => (index % 3 === 0 ? CLEAR_ENTRY : 7)),
      ),
    },
    after: Uint16Array.from(before, ({ st }) => st),
    control: { mode: 'iv', requester: 'extended' },
  } as const
  return { ...FRAME, entries: EntryTable.of(before), undo }
}

const FIELDS = [
  '"index":',
  '"st":[',
  '"cpu":',
  '"memoryType":',
  '"undo":null',
  '"before":[',
  'null',
]
const SIGNS = ['[', ']', '{', '}', ',', '"vm"', '"pm"', '2047', '-1', '1e3', '"__proto__":']

function isEntry({ index, st, cpu, memoryType }: Record<string, unknown>): boolean {
  const isNumber = (value: unknown, end: number) =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < end
  return (
    isNumber(index, 2048) &&
    isNumber(st, 65536) &&
    (cpu === null ? memoryType === null : isNumber(cpu, 2 ** 32) && /^[vp]m$/.test(`${memoryType}`))
  )
}

/** Ledger files, entry by entry and in columns. */
export const ledgerFile: Target = {
  name: 'ledger-file',
  share: 50,
  longest: 900,
  microsecondsPerByte: 4,
  seeds: () =>
    [
      ...[0, 3, 9, 40].map((count) => formatLedger(ledgerOf(count))),
      JSON.stringify({
        ...FRAME,
        entries: [{ index: 3, st: 1, cpu: 2, memoryType: 'pm' }],
        undo: null,
      }),
      JSON.stringify({ ...FRAME, entries: [], undo: null }),
    ].map(bytesOf),
  words: [...FIELDS, ...SIGNS],
  run(input) {
    const ledger = parseLedger(textOf(input))
    if (ledger === null) return
    const { undo, entries } = ledger
    promise(
      [...entries].every((one) => isEntry({ ...one }) && one.cpu !== null),
      'no entry',
    )
    for (const one of undo?.before ?? []) promise(isEntry({ ...one }), 'no entry in what was')
    for (const index of undo?.intended.indexes ?? [])
      promise(index < 2048, 'no entry in what was meant')
    promiseSame(
      parseLedger(formatLedger(ledger)),
      ledger,
      'a ledger that is written and read again',
    )
  },
}
