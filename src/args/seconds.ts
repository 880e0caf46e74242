import { UsageError } from '../errors.ts'
import { quote } from './quote.ts'

const MIN_SECONDS = 0.1
const MAX_SECONDS = 86_400
const NUMBER = /^\d{1,9}(?:\.\d{1,9})?$/

/**
 * Parses a time in seconds such as `2` or `0.5`.
 *
 * @returns milliseconds
 * @throws UsageError below a tenth of a second, above a day, and for anything else
 */
export function parseSeconds(word: string, what: string): number {
  const seconds = NUMBER.test(word) ? Number(word) : Number.NaN
  if (seconds >= MIN_SECONDS && seconds <= MAX_SECONDS) return Math.round(seconds * 1000)
  throw new UsageError(
    `Cannot parse ${what} ${quote(word)}: expected seconds from ${MIN_SECONDS} to ${MAX_SECONDS}, such as 2 or 0.5`,
  )
}
