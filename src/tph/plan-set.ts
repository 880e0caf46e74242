import type { Bdf } from '../args/bdf.ts'
import type { Entry, MemoryType } from '../args/entry.ts'
import { naming } from '../errors.ts'
import { assignMany } from '../topology/assign.ts'
import { type Assignments, inList } from '../topology/assignments.ts'
import { checkIndexes } from './check-indexes.ts'
import { warnAboutCpus } from './cpu-warnings.ts'
import { findTphFunction, type Host, type TphFunction } from './host.ts'
import { indexesOf, PackedRuns } from './packed-runs.ts'
import type { RunInfo } from './results.ts'
import { mergeMany } from './runs.ts'
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
  options: SetOptions,
): DevicePlan {
  return planFound(host, findTphFunction(host, bdf), entries, options)
}

/** The same for a device that was found. @throws UsageError for whatever is wrong with an entry */
export function planFound(
  host: Host,
  found: TphFunction,
  entries: Iterable<Entry>,
  { memoryType, cycle }: SetOptions,
): DevicePlan {
  const { topology } = host.backend
  const options = { topology, locality: found.fn, memoryType, cycle }
  return finish(
    host,
    found,
    naming(found.fn.bdf, () => assignMany(entries, options)),
  )
}

/** The SETs that clear entries of one device. @throws as `planSet` */
export function planClear(host: Host, bdf: Bdf, indexes: readonly number[]): DevicePlan {
  const sorted = indexes.toSorted((a, b) => a - b)
  const assignments = sorted.map((index) => ({ index, cpu: null, memoryType: 'vm' as const }))
  return finish(host, findTphFunction(host, bdf), inList(assignments))
}

function finish(host: Host, found: TphFunction, assignments: Assignments): DevicePlan {
  const runs = mergeMany(assignments)
  checkIndexes(found, indexesOf(runs))
  warnAboutCpus(host, found, cpusOf(assignments))
  return new SetPlan(found, runs)
}

/** A plan of which a command may have a thousand, with a thousand entries each. */
class SetPlan implements DevicePlan {
  readonly fn: TphFunction['fn']
  readonly tph: TphFunction['tph']
  readonly #runs: PackedRuns

  constructor({ fn, tph }: TphFunction, runs: readonly RunInfo[]) {
    this.fn = fn
    this.tph = tph
    this.#runs = new PackedRuns(runs)
  }

  get runs(): RunInfo[] {
    return this.#runs.unpack()
  }
}

function cpusOf(assignments: Assignments): Set<number> {
  const cpus = new Set<number>()
  for (let i = 0; i < assignments.length; i++) {
    const cpu = assignments.cpuAt(i)
    if (cpu !== null) cpus.add(cpu)
  }
  return cpus
}
