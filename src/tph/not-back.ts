import { formatNumberList } from '../args/cpu-list.ts'
import { RefusedError } from '../errors.ts'
import type { EntryInfo, FailedRun } from './results.ts'
import { entriesText, indexOf, mergeRuns, splitRuns } from './runs.ts'

/** What is left of a run whose SET failed: it may have done its work all the same. */
export function partsOf(run: FailedRun, left: readonly EntryInfo[]): FailedRun[] {
  const isLeft = new Set(left.map(indexOf))
  const parts = mergeRuns(splitRuns([run]).filter(({ index }) => isLeft.has(index)))
  return parts.map((part) => ({ ...run, ...part }))
}

/** The error for entries that were put back and have another tag all the same; null when there are none. */
export function notBack(failed: readonly FailedRun[]): RefusedError | null {
  const [first] = failed
  if (first === undefined) return null
  return new RefusedError(`Cannot confirm ${entriesText(first)}: it ${first.message}`)
}

const LOST = 'the CPU behind its former tag is not known'

/** Entries that cannot be put back, as runs; which CPUs they were set to is just what is not known. */
export function lostRuns(lost: readonly EntryInfo[]): FailedRun[] {
  const entries = lost.map(({ index }) => ({ index, cpu: null, memoryType: 'vm' as const }))
  return mergeRuns(entries).map((run) => ({ ...run, errno: null, message: LOST }))
}

/** The error for them; null when there are none. */
export function cannotPutBack(lost: readonly EntryInfo[]): RefusedError | null {
  if (lost.length === 0) return null
  const message = `Cannot put back entries ${formatNumberList(lost.map(indexOf))}: ${LOST}`
  return new RefusedError(message, { hint: 'set them to the CPUs you want' })
}
