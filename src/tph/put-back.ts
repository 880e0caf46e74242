import { formatNumberList } from '../args/cpu-list.ts'
import { TphctlError } from '../errors.ts'
import type { Assignment } from '../topology/assignments.ts'
import { readTags } from './known.ts'
import type { EntryInfo, FailedRun, RunInfo } from './results.ts'
import { entriesText, indexOf, mergeRuns, splitRuns } from './runs.ts'
import type { TphDevice } from './tph-device.ts'

/** What it takes to bring entries back to a former state. */
export interface PutBackPlan {
  /** In index order. */
  readonly assignments: readonly Assignment[]
  /** Entries that had a tag of which nobody knows the CPU: the interface cannot set a tag, only a CPU. */
  readonly impossible: readonly EntryInfo[]
}

/** A former tag 0 is put back by clearing, a known CPU by setting it (design: "SET, exactly"). */
export function planPutBack(former: readonly EntryInfo[]): PutBackPlan {
  return {
    assignments: former.flatMap(({ index, st, cpu, memoryType }): Assignment[] => {
      if (st === 0) return [{ index, cpu: null, memoryType: 'vm' }]
      return cpu === null || memoryType === null ? [] : [{ index, cpu, memoryType }]
    }),
    impossible: former.filter(({ st, cpu }) => st !== 0 && cpu === null),
  }
}

/** What GET says after entries were put back. */
export interface Confirmed {
  /** Entries whose SET was accepted and that have their former tag, or of which GET does not say. */
  readonly restored: readonly Assignment[]
  /** Entries whose SET was accepted and that have another tag all the same. */
  readonly failed: readonly FailedRun[]
}

/**
 * Tells entries that are back from those that only seem so.
 *
 * @param sent the runs whose SET was accepted
 * @param former the entries as they were, among them all of `sent`
 * @param tags their tags now; null when GET fails
 */
export function confirm(
  sent: readonly RunInfo[],
  former: readonly EntryInfo[],
  tags: readonly number[] | null,
): Confirmed {
  const isWrong = new Set(
    former.filter(({ st }, i) => tags !== null && tags[i] !== st).map(indexOf),
  )
  const entries = splitRuns(sent)
  const wrong = mergeRuns(entries.filter(({ index }) => isWrong.has(index)))
  const message = 'was put back and does not have its former tag'
  return {
    restored: entries.filter(({ index }) => !isWrong.has(index)),
    failed: wrong.map((run) => ({ ...run, errno: null, message })),
  }
}

/** Why entries are not back, a sentence each. @param impossible of them, those that could not be tried */
export function notPutBack(
  failed: readonly FailedRun[],
  impossible: readonly EntryInfo[],
): string[] {
  const unknown = formatNumberList(impossible.map(indexOf))
  return [
    ...failed.map((run) => `${entriesText(run)} not put back: ${run.message}`),
    ...(unknown === ''
      ? []
      : [`entries ${unknown} not put back: the CPU behind their former tag is not known`]),
  ]
}

/** Tags of entries, or null when GET fails. @param entries in index order */
export function tagsOrNull(device: TphDevice, entries: readonly EntryInfo[]): number[] | null {
  const tags = tryReadTags(device, entries)
  return Array.isArray(tags) ? tags : null
}

/** Tags of entries, or the error that GET failed with. @param entries in index order */
export function tryReadTags(
  device: TphDevice,
  entries: readonly EntryInfo[],
): number[] | TphctlError {
  try {
    return readTags(device, entries.map(indexOf))
  } catch (error) {
    if (error instanceof TphctlError) return error
    throw error
  }
}
