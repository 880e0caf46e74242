import { decimal } from './integer.ts'

/**
 * One part of a kernel CPU list: the first `used` numbers of every `group` numbers from `first` to `last` (included).
 * A plain number or range has `used` and `group` 1.
 */
export interface Range {
  readonly first: number
  readonly last: number
  readonly used: number
  readonly group: number
}

/** Characters of the longest part of a list: four numbers of five digits fit with room for leading zeros; keeps the values small. */
export const LONGEST_PART = 64

/** Reads `N`, `N-M` or `N-M:USED/GROUP`; null for anything else. The values are not checked. */
export function matchRange(part: string): Range | null {
  if (part.length > LONGEST_PART) return null
  const [span = '', pattern, ...beyond] = part.split(':')
  const ends = span.split('-').map(decimal)
  const ratio = pattern === undefined ? [1, 1] : pattern.split('/').map(decimal)
  const isPair = ends.length === 2 || (ends.length === 1 && pattern === undefined)
  if (!isPair || ratio.length !== 2 || beyond.length > 0) return null
  const [first = -1, last = first] = ends
  const [used = -1, group = -1] = ratio
  return Math.min(first, last, used, group) < 0 ? null : { first, last, used, group }
}

/** Why a range does not make sense, with `max` the largest number allowed, or null when it does. */
export function rangeProblem({ first, last, used, group }: Range, max: number): string | null {
  if (Math.max(first, last) > max) return `numbers go up to ${max}`
  if (first > last) return `range ${first}-${last} runs backwards`
  if (used < 1 || used > group) return 'a pattern USED/GROUP needs 1 <= USED <= GROUP'
  return null
}

/** How many numbers a sensible range stands for. */
export function rangeLength({ first, last, used, group }: Range): number {
  const span = last - first + 1
  return Math.floor(span / group) * used + Math.min(span % group, used)
}

/** Appends the numbers a sensible range stands for, in ascending order. */
export function pushRange({ first, last, used, group }: Range, into: number[]): void {
  for (let start = first; start <= last; start += group) {
    const end = Math.min(start + used - 1, last)
    for (let number = start; number <= end; number++) into.push(number)
  }
}
