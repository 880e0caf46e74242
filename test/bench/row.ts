import type { Summary } from './statistics.ts'

/** One figure of the benchmark beside what it is to be. */
export interface Row {
  /** What is measured over what. */
  readonly what: string
  /** `v22.23.3`; empty where it is not about Node.js. */
  readonly node: string
  /** The least of all runs over the least of the other's, and the median over the median. */
  readonly ratio: Summary
  /** The same of CPU time, medians: what other programs do at the time counts less in it. Null where it was not measured. */
  readonly cpu: number | null
  /** At most this; null for what is reported only. */
  readonly target: number | null
  readonly runs: number
  /** The figures behind it, in words. */
  readonly detail: string
}

/** What could not be measured. */
export interface Gap {
  readonly what: string
  readonly why: string
}

/** What a part of the benchmark came to. */
export interface Findings {
  readonly rows: readonly Row[]
  readonly gaps: readonly Gap[]
}

/** Whether a row is what it is to be; the median decides. */
export function isMet({ ratio, target }: Row): boolean {
  return target === null || ratio.median <= target
}
