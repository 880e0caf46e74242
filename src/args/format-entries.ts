import { formatNumberList } from './cpu-list.ts'
import type { MemoryType } from './entry.ts'
import { formatPatterns } from './format-patterns.ts'

/** What an ST table index is to become. */
export interface EntryToFormat {
  readonly index: number
  /** Null clears. */
  readonly cpu: number | null
  readonly memoryType: MemoryType
}

/**
 * Writes entries as ENTRY words, few and short: either a word for each stretch of the table whose CPUs ascend or are one, or a word
 * for each CPU with all of its indexes. `parseEntry` reads them back to the same entries, where the memory type of words that name
 * none is `vm`.
 *
 * @param entries in index order, no index twice
 */
export function formatEntries(entries: readonly EntryToFormat[]): string[] {
  const isPersistent = ({ cpu, memoryType }: EntryToFormat) => cpu !== null && memoryType === 'pm'
  return [
    ...shortest(entries.filter((one) => !isPersistent(one))),
    ...shortest(entries.filter(isPersistent)).map((word) => `${word}@pm`),
  ]
}

function shortest(entries: readonly EntryToFormat[]): string[] {
  const [stretches, cpus] = [byStretch(entries), byCpu(entries)]
  return cpus.join(' ').length < stretches.join(' ').length ? cpus : stretches
}

/** Words such as `0-7=8-15` and `8-9=3`. */
function byStretch(entries: readonly EntryToFormat[]): string[] {
  const words: string[] = []
  for (let first = 0; first < entries.length; ) {
    const length = Math.max(lengthOf(entries, first, 0), lengthOf(entries, first, 1))
    const stretch = entries.slice(first, first + length)
    const indexes = formatNumberList(stretch.map(({ index }) => index))
    words.push(`${indexes}=${cpusText(stretch.map(({ cpu }) => cpu))}`)
    first += length
  }
  return words
}

/** How many entries from `first` on have consecutive indexes, and CPUs of which each is the one before plus `step`. */
function lengthOf(entries: readonly EntryToFormat[], first: number, step: 0 | 1): number {
  const start = entries[first]
  if (start === undefined) return 0
  const continues = (entry: EntryToFormat | undefined, by: number) =>
    entry?.index === start.index + by &&
    (step === 0 ? entry.cpu === start.cpu : start.cpu !== null && entry.cpu === start.cpu + by)
  let length = 1
  while (continues(entries[first + length], length)) length++
  return length
}

function cpusText(cpus: readonly (number | null)[]): string {
  const [first = null] = cpus
  if (first === null) return 'none'
  return cpus.at(-1) === first ? `${first}` : formatNumberList(cpus.filter((cpu) => cpu !== null))
}

/** Words such as `0-63:1/4=8`. */
function byCpu(entries: readonly EntryToFormat[]): string[] {
  const indexes = new Map<number | null, number[]>()
  for (const { index, cpu } of entries) {
    const known = indexes.get(cpu)
    if (known === undefined) indexes.set(cpu, [index])
    else known.push(index)
  }
  return Array.from(indexes, ([cpu, list]) => `${formatPatterns(list)}=${cpu ?? 'none'}`)
}
