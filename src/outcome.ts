import type { TphctlError } from './errors.ts'
import type { Result } from './format/result.ts'

/** What a command came to: something to show, and the error if it did not wholly succeed. */
export interface Outcome {
  /** Null when the command has shown everything by itself. */
  readonly result: Result | null
  readonly error?: TphctlError | null
  /** The file that the result is written to, instead of stdout. */
  readonly to?: string
  /** Without an error 0 unless told. */
  readonly exitCode?: number
}
