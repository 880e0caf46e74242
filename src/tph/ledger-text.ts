import {
  type EntryColumns,
  isLedgerFile,
  type Ledger,
  type LedgerFile,
  type UndoInFile,
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
  return parts(entries, (a, b) => a.memoryType === b.memoryType).flatMap<EntryInfo | EntryColumns>(
    (part) => {
      const [first] = part
      if (first === undefined || part.length < MANY) return part
      const { index, memoryType } = first
      const cpu = memoryType === null ? null : part.map((one) => one.cpu ?? 0)
      return [{ index, st: part.map(({ st }) => st), cpu, memoryType }]
    },
  )
}

function intendedInColumns(
  intended: readonly { readonly index: number; readonly cpu: number | null }[],
): UndoInFile['intended'] {
  return parts(intended, () => true).flatMap<UndoInFile['intended'][number]>((part) => {
    const [first] = part
    if (first === undefined || part.length < MANY) return part
    return [{ index: first.index, cpu: part.map(({ cpu }) => cpu) }]
  })
}

/** Cuts a list where indexes are not consecutive, or where two neighbours do not go together. */
function parts<T extends { readonly index: number }>(
  list: readonly T[],
  goTogether: (a: T, b: T) => boolean,
): T[][] {
  const cut: T[][] = []
  let part: T[] = []
  for (const one of list) {
    const last = part.at(-1)
    if (last === undefined || last.index + 1 !== one.index || !goTogether(last, one)) {
      part = []
      cut.push(part)
    }
    part.push(one)
  }
  return cut
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
