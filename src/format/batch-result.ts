import type { ErrorInfo } from '../errors.ts'

/** What a line of a batch came to. */
export interface LineResult {
  /** From 1. */
  readonly line: number
  /** Null when the line does not parse. */
  readonly command: string | null
  readonly exitCode: number
  /** What the command answers, by its own schema; null when it has nothing to show. */
  readonly result: object | null
  readonly error: ErrorInfo | null
}

/** Answer of `batch`. */
export interface BatchResult {
  /** The lines that have a command and were run or do not parse, in order. */
  readonly lines: readonly LineResult[]
  /** How many lines did what they say, */
  readonly done: number
  /** failed or did not parse, */
  readonly failed: number
  /** and were not run. */
  readonly notRun: number
}
