import { MAX_ST_ENTRIES } from '../abi/tph-st.ts'
import { type Assignment, type Assignments, inList } from '../topology/assignments.ts'
import type { RunInfo } from './results.ts'

/**
 * Merges assignments into as few SETs as the interface allows: each run has one memory type, consecutive indexes and at most
 * 2048 entries. In index order.
 *
 * @param assignments in index order, no index twice
 */
export function mergeRuns(assignments: readonly Assignment[]): RunInfo[] {
  return mergeMany(inList(assignments))
}

/** The same for very many. */
export function mergeMany(assignments: Assignments): RunInfo[] {
  const runs: RunInfo[] = []
  for (let first = 0; first < assignments.length; ) {
    const end = endOfRun(assignments, first)
    const cpus = new Array<number | null>(end - first)
    for (let i = 0; i < cpus.length; i++) cpus[i] = assignments.cpuAt(first + i)
    const [index, memoryType] = [assignments.indexAt(first), assignments.memoryTypeAt(first)]
    runs.push({ index, count: end - first, memoryType, cpus })
    first = end
  }
  return runs
}

function endOfRun(assignments: Assignments, first: number): number {
  const memoryType = assignments.memoryTypeAt(first)
  let end = first + 1
  while (end < assignments.length && end - first < MAX_ST_ENTRIES) {
    if (assignments.memoryTypeAt(end) !== memoryType) break
    if (assignments.indexAt(end - 1) + 1 !== assignments.indexAt(end)) break
    end++
  }
  return end
}

/** Runs in index order. */
export function inOrder(runs: readonly RunInfo[]): RunInfo[] {
  return runs.toSorted((a, b) => a.index - b.index)
}

/** The entries of runs one by one. */
export function splitRuns(runs: readonly RunInfo[]): Assignment[] {
  const entries = new Array<Assignment>(runs.reduce((sum, { cpus }) => sum + cpus.length, 0))
  let at = 0
  for (const { index, memoryType, cpus } of runs) {
    for (let i = 0; i < cpus.length; i++) {
      entries[at++] = { index: index + i, cpu: cpus[i] ?? null, memoryType }
    }
  }
  return entries
}

/** Merges indexes into ranges of consecutive ones, at most 2048 long. @param indexes in ascending order */
export function mergeRanges(indexes: ArrayLike<number>): { index: number; count: number }[] {
  const ranges: { index: number; count: number }[] = []
  let range = { index: 0, count: 0 }
  for (let i = 0; i < indexes.length; i++) {
    const index = indexes[i] ?? 0
    if (
      range.count === 0 ||
      range.count === MAX_ST_ENTRIES ||
      index !== range.index + range.count
    ) {
      range = { index, count: 0 }
      ranges.push(range)
    }
    range.count++
  }
  return ranges
}

/** `entry 3` or `entries 0-7`. */
export function entriesText({ index, count }: Pick<RunInfo, 'index' | 'count'>): string {
  return count === 1 ? `entry ${index}` : `entries ${index}-${index + count - 1}`
}

/** The index of whatever has one. */
export function indexOf({ index }: { readonly index: number }): number {
  return index
}
