type Run = readonly [first: number, last: number]

/**
 * Writes numbers as the shortest CPU list: what repeats in the same distance becomes a pattern such as `0-2047:1/256` (of every
 * 256 the first; cpuset(7)). It parses back to the same numbers.
 *
 * @param numbers ascending, none twice
 */
export function formatStridedList(numbers: readonly number[]): string {
  const runs = splitRuns(numbers)
  const parts: string[] = []
  for (let at = 0; at < runs.length; ) {
    const part = runs.slice(at, at + regularLength(runs, at))
    parts.push(shortest(part))
    at += part.length
  }
  return parts.join(',')
}

function splitRuns(numbers: readonly number[]): Run[] {
  const runs: Run[] = []
  let first = numbers[0] ?? 0
  for (const [i, number] of numbers.entries()) {
    const next = numbers[i + 1]
    if (next === number + 1) continue
    runs.push([first, number])
    first = next ?? 0
  }
  return runs
}

/** How many runs from `at` on are of one length and in one distance; at least 1. */
function regularLength(runs: readonly Run[], at: number): number {
  const [first, last] = runs[at] ?? [0, 0]
  const distance = (runs[at + 1]?.[0] ?? 0) - first
  let count = 1
  for (; at + count < runs.length; count++) {
    const [from, to] = runs[at + count] ?? [0, 0]
    if (from !== first + count * distance || to - from !== last - first) break
  }
  return count
}

function shortest(runs: readonly Run[]): string {
  const plain = runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
  const [first, second] = runs
  const end = runs.at(-1)
  if (first === undefined || second === undefined || end === undefined) return plain.join(',')
  const pattern = `${first[0]}-${end[1]}:${first[1] - first[0] + 1}/${second[0] - first[0]}`
  return pattern.length < plain.join(',').length ? pattern : plain.join(',')
}
