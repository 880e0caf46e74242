import type { MemoryType } from '../args/entry.ts'

/** What one ST table index shall become. */
export interface Assignment {
  readonly index: number
  /** Null clears. */
  readonly cpu: number | null
  /** `vm` for an index that is cleared. */
  readonly memoryType: MemoryType
}

/** The same for many indexes, ascending, none twice: without an object for each. */
export interface Assignments {
  readonly length: number
  indexAt(i: number): number
  cpuAt(i: number): number | null
  memoryTypeAt(i: number): MemoryType
}

/** Assignments that are there one by one, in index order, to be used like many. */
export function inList(list: readonly Assignment[]): Assignments {
  return {
    length: list.length,
    indexAt: (i) => list[i]?.index ?? 0,
    cpuAt: (i) => list[i]?.cpu ?? null,
    memoryTypeAt: (i) => list[i]?.memoryType ?? 'vm',
  }
}
