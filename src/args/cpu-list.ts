import { UsageError } from '../errors.ts'
import { decimal } from './integer.ts'
import { quote } from './quote.ts'
import { LONGEST_PART, matchRange, pushRange, rangeLength, rangeProblem } from './range.ts'

/** The largest index and the largest CPU number that parse; both are 16 bits wide or less where they are used. */
const MAX_NUMBER = 65535

/** How many numbers one list may stand for. */
const MAX_NUMBERS = 65536

/**
 * Parses the List Format of cpuset(7): `0-3,8`, `0-15:2/4` (of every 4 the first 2; needs a range).
 * @param what `CPU list` or `index list`, for the message
 * @param max the largest number allowed
 * @returns the numbers in the order written, repeats kept, at most 65536
 * @throws UsageError naming the word and what would be right
 */
export function parseNumberList(word: string, what: string, max: number): number[] {
  const single = word.length > LONGEST_PART ? -1 : decimal(word)
  if (single >= 0 && single <= max) return [single]
  const numbers: number[] = []
  for (let from = 0; from <= word.length; ) {
    const comma = word.indexOf(',', from)
    const end = comma < 0 ? word.length : comma
    const part = word.slice(from, end)
    const problem = appendPart(part, max, numbers)
    if (problem !== null) throw malformed(what, word, problem, part)
    from = end + 1
  }
  return numbers
}

/** Parses a list of CPU numbers up to 65535; see {@link parseNumberList}. @throws UsageError */
export function parseCpuList(word: string): number[] {
  return parseNumberList(word, 'CPU list', MAX_NUMBER)
}

/**
 * Parses a list of ST table indexes up to 65535; see {@link parseNumberList}.
 * @throws UsageError also for an index given twice, naming it
 */
export function parseIndexList(word: string): number[] {
  const what = 'index list'
  const indexes = parseNumberList(word, what, MAX_NUMBER)
  const twice = indexes.length === 1 ? undefined : firstRepeat(indexes)
  if (twice !== undefined) throw malformed(what, word, `index ${twice} is given twice`)
  return indexes
}

/** Adds what one part stands for, the limits checked first. @returns the problem, or null */
function appendPart(part: string, max: number, numbers: number[]): string | null {
  const range = matchRange(part)
  if (range === null) return 'expected numbers and ranges such as 0-3,8 or 0-15:2/4'
  const problem = rangeProblem(range, max)
  if (problem !== null) return problem
  if (numbers.length + rangeLength(range) > MAX_NUMBERS) return `more than ${MAX_NUMBERS} numbers`
  pushRange(range, numbers)
  return null
}

function firstRepeat(numbers: readonly number[]): number | undefined {
  const seen = new Set<number>()
  return numbers.find((number) => seen.size === seen.add(number).size)
}

function malformed(what: string, word: string, problem: string, part = word): UsageError {
  const where = part === word ? '' : ` (at ${quote(part)})`
  return new UsageError(`Cannot parse ${what} ${quote(word)}: ${problem}${where}`)
}

/**
 * Writes numbers as a CPU list that keeps their order: each ascending run of consecutive numbers as `a-b`. `` for none.
 * {@link parseNumberList} reads it back to the same numbers.
 */
export function formatNumberList(numbers: Iterable<number>): string {
  return formatCpus(numbers)
}

/**
 * {@link formatNumberList} for display, with null (no CPU) as `none`; `none` alone when there are only nulls.
 * A list that mixes both is not one that parses.
 */
export function formatCpus(cpus: Iterable<number | null>): string {
  const all = Array.isArray(cpus) ? (cpus as readonly (number | null)[]) : [...cpus]
  const parts: string[] = []
  let hasCpu = false
  for (let start = 0; start < all.length; ) {
    const end = endOfRun(all, start)
    const first = all[start] ?? null
    hasCpu ||= first !== null
    parts.push(end - start === 1 ? `${first ?? 'none'}` : `${first}-${all[end - 1]}`)
    start = end
  }
  return hasCpu || parts.length === 0 ? parts.join(',') : 'none'
}

/** Where the ascending run from `start` on ends; a null is a run of its own. */
function endOfRun(cpus: readonly (number | null)[], start: number): number {
  let end = start + 1
  for (let last = cpus[start] ?? null; last !== null && cpus[end] === last + 1; end++) last++
  return end
}
