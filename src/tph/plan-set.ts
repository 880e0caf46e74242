import type { Bdf } from '../args/bdf.ts'
import type { Entry, MemoryType } from '../args/entry.ts'
import { naming } from '../errors.ts'
import { type Assignment, assignEntries } from '../topology/assign.ts'
import { checkIndexes } from './check-indexes.ts'
import { warnAboutCpus } from './cpu-warnings.ts'
import { findTphFunction, type Host } from './host.ts'
import { PackedRuns } from './packed-runs.ts'
import { indexOf, mergeRuns } from './runs.ts'
import type { DevicePlan } from './transaction.ts'

/** How entries are to be read. */
export interface SetOptions {
  /** Of entries that name none. */
  readonly memoryType: MemoryType
  /** Whether CPUs are dealt out in turn where their number differs from that of the indexes. */
  readonly cycle: boolean
}

/**
 * Turns entries into the SETs for one device; sends nothing.
 *
 * @throws UsageError for whatever is wrong with an entry; NotFoundError, UnsupportedError for the device
 */
export function planSet(
  host: Host,
  bdf: Bdf,
  entries: Iterable<Entry>,
  { memoryType, cycle }: SetOptions,
): DevicePlan {
  const found = findTphFunction(host, bdf)
  const { topology } = host.backend
  const options = { topology, locality: found.fn, memoryType, cycle }
  return finish(
    host,
    found,
    naming(bdf, () => assignEntries(entries, options)),
  )
}

/** The SETs that clear entries of one device. @throws as `planSet` */
export function planClear(host: Host, bdf: Bdf, indexes: readonly number[]): DevicePlan {
  const sorted = indexes.toSorted((a, b) => a - b)
  const assignments = sorted.map((index) => ({ index, cpu: null, memoryType: 'vm' as const }))
  return finish(host, findTphFunction(host, bdf), assignments)
}

function finish(
  host: Host,
  found: ReturnType<typeof findTphFunction>,
  assignments: readonly Assignment[],
): DevicePlan {
  checkIndexes(found, assignments.map(indexOf))
  warnAboutCpus(host, found, cpusOf(assignments))
  const packed = new PackedRuns(mergeRuns(assignments))
  return {
    ...found,
    get runs() {
      return packed.unpack()
    },
  }
}

function cpusOf(assignments: readonly Assignment[]): Set<number> {
  const cpus = new Set<number>()
  for (const { cpu } of assignments) if (cpu !== null) cpus.add(cpu)
  return cpus
}
