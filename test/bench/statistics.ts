/** Of some figures the least and the one in the middle. */
export interface Summary {
  readonly min: number
  readonly median: number
}

/** @throws RangeError without figures */
export function summarize(figures: readonly number[]): Summary {
  const sorted = figures.toSorted((a, b) => a - b)
  const [min] = sorted
  const middle = sorted.length >> 1
  const median =
    sorted.length % 2 === 1
      ? sorted[middle]
      : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
  if (min === undefined || median === undefined) throw new RangeError('there is no figure')
  return { min, median }
}

/** The one over the other, least over least and middle over middle. */
export function ratioOf(one: Summary, other: Summary): Summary {
  return { min: one.min / other.min, median: one.median / other.median }
}
