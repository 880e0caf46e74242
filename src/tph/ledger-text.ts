import { CLEAR_ENTRY } from '../abi/tph-st.ts'
import { CpuColumn } from './cpu-column.ts'
import { type EntryTable, EntryTableBuilder } from './entry-table.ts'
import {
  type EntryColumns,
  type IntendedCpus,
  type IntendedInFile,
  isLedgerFile,
  type Ledger,
  type LedgerFile,
  type UndoInFile,
  type UndoRecord,
} from './ledger-format.ts'
import type { EntryInfo } from './results.ts'

/** Consecutive entries of which there are at least so many are written together: a ledger of a full table is a tenth as long then. */
const MANY = 8

/** A ledger as the text of its file, which is one line; without its end. */
export function formatLedger({ undo, entries, ...frame }: Ledger): string {
  const file: LedgerFile = {
    ...frame,
    entries: entriesInFile(entries),
    undo: undo === null ? null : undoInFile(undo),
  }
  return JSON.stringify(file)
}

/** The ledger in the text of a file; null when it is none. */
export function parseLedger(text: string): Ledger | null {
  const file = parseJson(text)
  if (!isLedgerFile(file)) return null
  const { entries, undo, ...frame } = file
  const known = entriesFrom(entries)
  if (known === null) return null
  if (undo === null) return { ...frame, entries: known, undo }
  const record = undoFrom(undo)
  return record === null ? null : { ...frame, entries: known, undo: record }
}

function undoFrom({ before, intended, after, ...rest }: UndoInFile): UndoRecord | null {
  const [former, meant] = [entriesFrom(before), intendedFrom(intended)]
  if (former === null || meant === null) return null
  return {
    ...rest,
    devices: heldOnce(rest.devices),
    before: former,
    intended: meant,
    after: after === null ? null : new Uint16Array(after),
  }
}

let latest = ''

/** All ledgers of one change have the same devices, of which there may be a thousand. */
function heldOnce(devices: string): string {
  if (devices !== latest) latest = devices
  return latest
}

function undoInFile({ before, intended, after, ...rest }: UndoRecord): UndoInFile {
  return {
    ...rest,
    before: entriesInFile(before),
    intended: intendedInFile(intended),
    after: after === null ? null : numbersOf(after, 0, after.length),
  }
}

function entriesInFile(table: EntryTable): (EntryInfo | EntryColumns)[] {
  const all: (EntryInfo | EntryColumns)[] = []
  const isLike = (a: number, b: number) => table.memoryTypeAt(a) === table.memoryTypeAt(b)
  for (const [start, end] of stretches(table.indexes, isLike)) {
    if (end - start >= MANY) all.push(columnsOf(table, start, end))
    else for (let i = start; i < end; i++) all.push(table.at(i))
  }
  return all
}

function columnsOf(table: EntryTable, start: number, end: number): EntryColumns {
  const { index, memoryType } = table.at(start)
  const st = numbersOf(table.tags, start, end)
  // Entries of one memory type all have a CPU.
  const cpu = memoryType === null ? null : (table.former?.cpus.slice(start, end) as number[])
  return { index, st, cpu, memoryType }
}

function intendedInFile({ indexes, cpus }: IntendedCpus): IntendedInFile[] {
  const all: IntendedInFile[] = []
  for (const [start, end] of stretches(indexes)) {
    const cpu = cpus.slice(start, end)
    const index = indexes[start] ?? 0
    if (cpu.length >= MANY) all.push({ index, cpu })
    else cpu.forEach((one, i) => void all.push({ index: index + i, cpu: one }))
  }
  return all
}

function numbersOf(column: Uint16Array, start: number, end: number): number[] {
  const numbers = new Array<number>(end - start)
  for (let i = 0; i < numbers.length; i++) numbers[i] = column[start + i] ?? 0
  return numbers
}

/** Where consecutive indexes begin and end that are alike. */
function* stretches(
  indexes: Uint16Array,
  isLike: (a: number, b: number) => boolean = () => true,
): Generator<readonly [start: number, end: number]> {
  for (let start = 0; start < indexes.length; ) {
    const first = indexes[start] ?? 0
    let end = start + 1
    while (indexes[end] === first + end - start && isLike(start, end)) end++
    yield [start, end]
    start = end
  }
}

/** Null where they are not in index order. */
function entriesFrom(inFile: LedgerFile['entries']): EntryTable | null {
  const table = new EntryTableBuilder(inFile.reduce((sum, { st }) => sum + count(st), 0))
  for (const one of inFile) {
    if (!isInColumns(one)) {
      table.add(one.index, one.st, one.cpu, one.memoryType)
      continue
    }
    const { index, st, cpu, memoryType } = one
    for (let i = 0; i < st.length; i++)
      table.add(index + i, st[i] ?? 0, cpu?.[i] ?? null, memoryType)
  }
  const entries = table.finish()
  return isAscending(entries.indexes) ? entries : null
}

function intendedFrom(inFile: readonly IntendedInFile[]): IntendedCpus | null {
  const total = inFile.reduce((sum, { cpu }) => sum + count(cpu), 0)
  const [indexes, numbers] = [new Uint16Array(total), new Uint32Array(total)]
  let at = 0
  for (const { index, cpu } of inFile) {
    const cpus: readonly (number | null)[] = Array.isArray(cpu) ? cpu : [cpu as number | null]
    for (let i = 0; i < cpus.length; i++, at++) {
      indexes[at] = index + i
      numbers[at] = cpus[i] ?? CLEAR_ENTRY
    }
  }
  return isAscending(indexes) ? { indexes, cpus: new CpuColumn(numbers) } : null
}

function isInColumns(one: EntryInfo | EntryColumns): one is EntryColumns {
  return Array.isArray(one.st)
}

/** Of a column, or of one number. */
function count(numbers: unknown): number {
  return Array.isArray(numbers) ? numbers.length : 1
}

function isAscending(indexes: Uint16Array): boolean {
  return indexes.every((index, i) => i === 0 || (indexes[i - 1] ?? 0) < index)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
