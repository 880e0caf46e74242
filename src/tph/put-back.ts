import type { Assignment } from '../topology/assign.ts'
import type { EntryInfo } from './results.ts'

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
