/** Consecutive numbers. */
interface Run {
  readonly first: number
  readonly last: number
}

/**
 * Writes numbers as a CPU list that uses patterns where they make it shorter: `0-63:1/4` for every fourth (cpuset(7)).
 * `parseNumberList` reads it back to the same numbers.
 *
 * @param numbers ascending
 */
export function formatPatterns(numbers: readonly number[]): string {
  const runs = runsOf(numbers)
  const parts: string[] = []
  for (let at = 0; at < runs.length; ) {
    const regular = runs.slice(at, at + regularLength(runs, at))
    const [plain, pattern] = [plainText(regular), patternText(regular)]
    const isWorthIt = pattern !== null && pattern.length < plain.length
    parts.push(isWorthIt ? pattern : plainText(regular.slice(0, 1)))
    at += isWorthIt ? regular.length : 1
  }
  return parts.join(',')
}

function runsOf(numbers: readonly number[]): Run[] {
  const runs: Run[] = []
  for (const number of numbers) {
    const run = runs.at(-1)
    if (run?.last === number - 1) runs[runs.length - 1] = { first: run.first, last: number }
    else runs.push({ first: number, last: number })
  }
  return runs
}

/** How many runs from one on are as long as it and equally far apart; one that is cut short may end them. */
function regularLength(runs: readonly Run[], at: number): number {
  const [one, two] = [runs[at], runs[at + 1]]
  if (one === undefined || two === undefined) return 1
  const [used, group] = [one.last - one.first, two.first - one.first]
  for (let length = 1; ; length++) {
    const next = runs[at + length]
    const rest = next === undefined ? -1 : next.last - next.first
    if (next?.first !== one.first + length * group || rest > used) return length
    if (rest < used) return length + 1
  }
}

function plainText(runs: readonly Run[]): string {
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

function patternText(runs: readonly Run[]): string | null {
  const [one, two] = runs
  const end = runs.at(-1)
  if (one === undefined || two === undefined || end === undefined) return null
  return `${one.first}-${end.last}:${one.last - one.first + 1}/${two.first - one.first}`
}
