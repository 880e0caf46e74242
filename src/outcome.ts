import type { TphctlError } from './errors.ts'
import type { Result } from './format/result.ts'

/** What a command came to: something to show, and the error if it did not wholly succeed. */
export interface Outcome {
  /** Null when the command has shown everything by itself. */
  readonly result: Result | null
  readonly error?: TphctlError | null
  /** Without an error 0 unless told. */
  readonly exitCode?: number
}
