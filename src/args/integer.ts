import { UsageError } from '../errors.ts'
import { quote } from './quote.ts'

/**
 * The value of a word of ASCII decimal digits, leading zeros allowed; -1 when it is empty or holds anything else.
 * A value past 2^53 is rounded, so compare with a bound before use.
 */
export function decimal(word: string): number {
  let value = 0
  for (let at = 0; at < word.length; at++) {
    const digit = word.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return word === '' ? -1 : value
}

/**
 * Parses the value of an option: decimal digits only, from `min` to `max` (both included, `min` at least 0).
 * @param what what the number is, for the message, such as `feature index`
 * @throws UsageError naming the word and the bounds
 */
export function parseInteger(word: string, what: string, min: number, max: number): number {
  const value = decimal(word)
  if (value >= min && value <= max) return value
  throw new UsageError(
    `Cannot parse ${what} ${quote(word)}: expected a whole number from ${min} to ${max}`,
  )
}
