import {
  type EntryColumns,
  isLedgerFile,
  type Ledger,
  type LedgerFile,
  type UndoInFile,
  type UndoRecord,
} from './ledger-format.ts'
import type { EntryInfo } from './results.ts'

/** Consecutive entries of which there are at least so many are written together: a ledger of a full table is a tenth as long then. */
const MANY = 8

/** A ledger as the text of its file. */
export function formatLedger({ undo, entries, ...frame }: Ledger): string {
  const file: LedgerFile = {
    ...frame,
    entries: inColumns(entries),
    undo:
      undo === null
        ? null
        : { ...undo, before: inColumns(undo.before), intended: intendedInColumns(undo.intended) },
  }
  return `${JSON.stringify(file)}\n`
}

/** The ledger in the text of a file; null when it is none. */
export function parseLedger(text: string): Ledger | null {
  const file = parseJson(text)
  if (!isLedgerFile(file)) return null
  const { entries, undo, ...frame } = file
  return {
    ...frame,
    entries: entries.flatMap(eachEntry) as Ledger['entries'],
    undo:
      undo === null
        ? null
        : {
            ...undo,
            before: undo.before.flatMap(eachEntry),
            intended: undo.intended.flatMap(({ index, cpu }) =>
              Array.isArray(cpu)
                ? cpu.map((one: number | null, i) => ({ index: index + i, cpu: one }))
                : [{ index, cpu: cpu as number | null }],
            ),
          },
  }
}

function inColumns(entries: readonly EntryInfo[]): (EntryInfo | EntryColumns)[] {
  const all: (EntryInfo | EntryColumns)[] = []
  for (let start = 0; start < entries.length; ) {
    const { index = 0, memoryType = null } = entries[start] ?? {}
    let end = start + 1
    while (entries[end]?.index === index + end - start && entries[end]?.memoryType === memoryType)
      end++
    if (end - start >= MANY) all.push(entryColumns(entries, start, end))
    else for (const one of entries.slice(start, end)) all.push(one)
    start = end
  }
  return all
}

/** Hot: a host may have a million entries. */
function entryColumns(entries: readonly EntryInfo[], start: number, end: number): EntryColumns {
  const { index = 0, memoryType = null } = entries[start] ?? {}
  const [st, cpu] = [new Array<number>(end - start), new Array<number>(end - start)]
  for (let i = 0; i < st.length; i++) {
    const entry = entries[start + i]
    st[i] = entry?.st ?? 0
    cpu[i] = entry?.cpu ?? 0
  }
  return { index, st, cpu: memoryType === null ? null : cpu, memoryType }
}

function intendedInColumns(intended: UndoRecord['intended']): UndoInFile['intended'] {
  const all: UndoInFile['intended'][number][] = []
  for (let start = 0; start < intended.length; ) {
    const index = intended[start]?.index ?? 0
    const cpu: (number | null)[] = []
    let end = start
    while (intended[end]?.index === index + end - start) cpu.push(intended[end++]?.cpu ?? null)
    if (cpu.length >= MANY) all.push({ index, cpu })
    else cpu.forEach((one, i) => void all.push({ index: index + i, cpu: one }))
    start = end
  }
  return all
}

function eachEntry(one: EntryInfo | EntryColumns): EntryInfo[] {
  if (!Array.isArray(one.st)) return [one as EntryInfo]
  const { index, st, cpu, memoryType } = one as EntryColumns
  return st.map((tag, i) => ({ index: index + i, st: tag, cpu: cpu?.[i] ?? null, memoryType }))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
