import { MAX_ST_ENTRIES } from '../abi/tph-st.ts'
import type { MemoryType } from '../args/entry.ts'
import type { Assignment } from '../topology/assign.ts'
import type { RunInfo } from './results.ts'

const MEMORY_TYPES: readonly MemoryType[] = ['vm', 'pm']

/**
 * Merges assignments into as few SETs as the interface allows: each run has one memory type, consecutive indexes and at most
 * 2048 entries. In index order.
 *
 * @param assignments in index order, no index twice
 */
export function mergeRuns(assignments: readonly Assignment[]): RunInfo[] {
  return MEMORY_TYPES.flatMap((memoryType) =>
    runsOf(assignments.filter((one) => one.memoryType === memoryType)),
  ).sort((a, b) => a.index - b.index)
}

/** The entries of runs one by one. */
export function splitRuns(runs: readonly RunInfo[]): Assignment[] {
  return runs.flatMap(({ index, memoryType, cpus }) =>
    cpus.map((cpu, i) => ({ index: index + i, cpu, memoryType })),
  )
}

/** Merges indexes into ranges of consecutive ones, at most 2048 long. @param indexes in ascending order */
export function mergeRanges(indexes: readonly number[]): { index: number; count: number }[] {
  const assignments = indexes.map((index) => ({ index, cpu: null, memoryType: 'vm' as const }))
  return runsOf(assignments).map(({ index, count }) => ({ index, count }))
}

/** The index of whatever has one. */
export function indexOf({ index }: { readonly index: number }): number {
  return index
}

function runsOf(assignments: readonly Assignment[]): RunInfo[] {
  const runs: RunInfo[] = []
  let first = 0
  for (let i = 1; i <= assignments.length; i++) {
    if (i < assignments.length && continues(assignments, first, i)) continue
    const part = assignments.slice(first, i)
    const [start] = part
    if (start === undefined) break
    const { index, memoryType } = start
    runs.push({ index, count: part.length, memoryType, cpus: part.map(({ cpu }) => cpu) })
    first = i
  }
  return runs
}

function continues(assignments: readonly Assignment[], first: number, i: number): boolean {
  return (
    i - first < MAX_ST_ENTRIES && assignments[i]?.index === (assignments[i - 1]?.index ?? 0) + 1
  )
}
