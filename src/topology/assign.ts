import type { Entry, MemoryType } from '../args/entry.ts'
import { EntryList } from '../args/entry-list.ts'
import { quote } from '../args/quote.ts'
import { UsageError } from '../errors.ts'
import { type Assignment, type Assignments, inList } from './assignments.ts'
import { isOnline, selectCpus } from './select.ts'
import type { DeviceLocality, Topology } from './topology.ts'

/** What entries are matched against. */
export interface AssignOptions {
  readonly topology: Topology
  readonly locality: DeviceLocality
  /** For entries without `@vm` or `@pm`. */
  readonly memoryType: MemoryType
  /** Whether fewer CPUs than indexes are used again from the first, and more are left over. */
  readonly cycle: boolean
}

/**
 * Pairs the indexes of entries with CPUs of this machine: one to one, or one CPU for all indexes of an entry.
 * @returns one assignment an index, ascending
 * @throws UsageError for CPUs that are not there, for numbers that do not match, and for an index given twice
 */
export function assignEntries(
  entries: Iterable<Entry> | EntryList,
  options: AssignOptions,
): Assignment[] {
  const all = assignMany(entries, options)
  return Array.from({ length: all.length }, (_, i) => {
    return { index: all.indexAt(i), cpu: all.cpuAt(i), memoryType: all.memoryTypeAt(i) }
  })
}

/** The same for very many. @throws as `assignEntries` */
export function assignMany(
  entries: Iterable<Entry> | EntryList,
  options: AssignOptions,
): Assignments {
  return assignPlain(entries, options) ?? inList(assignAny(entries, options))
}

/** Hot: a stream of plain ENTRYs, sorted and checked as numbers. Null where anything else is needed, also to say what is wrong. */
function assignPlain(
  entries: Iterable<Entry> | EntryList,
  { topology, memoryType }: AssignOptions,
): Assignments | null {
  const plain = entries instanceof EntryList ? entries.sortedPlain() : null
  if (plain === null) return null
  for (let at = 0; at < plain.length; at++) {
    const cpu = plain.cpuAt(at)
    if (cpu !== null && !isOnline(topology, cpu)) return null
    if (at > 0 && plain.indexAt(at) === plain.indexAt(at - 1)) return null
  }
  return {
    length: plain.length,
    indexAt: (i) => plain.indexAt(i),
    cpuAt: (i) => plain.cpuAt(i),
    memoryTypeAt: (i) => (plain.cpuAt(i) === null ? 'vm' : (plain.memoryTypeAt(i) ?? memoryType)),
  }
}

function assignAny(entries: Iterable<Entry>, options: AssignOptions): Assignment[] {
  const givenBy = new Map<number, Entry>()
  const assignments: Assignment[] = []
  for (const entry of entries) {
    const cpus = cpusOf(entry, options)
    const memoryType = cpus[0] === null ? 'vm' : (entry.memoryType ?? options.memoryType)
    for (const [at, index] of entry.indexes.entries()) {
      claim(givenBy, index, entry)
      assignments.push({ index, cpu: cpus[at % cpus.length] ?? null, memoryType })
    }
  }
  return assignments.sort((a, b) => a.index - b.index)
}

/** The CPUs that the indexes of an entry take in turn, at least one; null alone for `none`. */
function cpusOf(entry: Entry, options: AssignOptions): readonly (number | null)[] {
  const { word, indexes, cpus: selector } = entry
  if (selector.kind === 'none') return [null]
  const cpus = selectCpus(selector, options.topology, options.locality, word)
  if (cpus.length === indexes.length || cpus.length === 1) return cpus
  if (options.cycle && cpus.length > 0) return cpus
  throw new UsageError(
    `Cannot assign ${quote(word)}: ${count(indexes, 'index', 'indexes')} but ${cpus.length} CPUs`,
    { hint: 'give as many CPUs as indexes or one CPU for all, or let --cycle repeat them' },
  )
}

function claim(givenBy: Map<number, Entry>, index: number, entry: Entry): void {
  const other = givenBy.get(index)
  if (other !== undefined) {
    throw new UsageError(
      `Cannot assign ${quote(entry.word)}: index ${index} is already given by ${quote(other.word)}`,
    )
  }
  givenBy.set(index, entry)
}

function count(items: readonly unknown[], one: string, many: string): string {
  return `${items.length} ${items.length === 1 ? one : many}`
}
