/** An ST entry and its CPU. */
export interface Spread {
  readonly index: number
  readonly cpu: number
}

/** Deals CPUs out to the entries of a table in turn. @param cpus in the order of the turns, at least one; a repeat counts */
export function spreadCpus(entries: number, cpus: readonly number[]): Spread[] {
  return Array.from({ length: entries }, (_, index) => {
    const cpu = cpus[index % cpus.length]
    if (cpu === undefined) throw new RangeError('no CPU to deal out')
    return { index, cpu }
  })
}
