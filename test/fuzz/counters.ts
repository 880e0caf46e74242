/** What the bundle of `build.mjs` counts while it runs: how often each branch of `src` was taken. */
export interface Counters {
  /** By branch, at most 255. */
  readonly hits: Uint8Array
  /** The branches taken since the last `clear`, in the order of their first time. */
  readonly touched: Int32Array
  /** How many of them there are. */
  count(): number
  clear(): void
}

/** Null where nothing is counted, as in the tests. */
export function countersOf(): Counters | null {
  return (globalThis as { fuzzCounters?: Counters }).fuzzCounters ?? null
}

/** Which branches were taken how often by any input so far, in steps: once, twice, up to 4, 16, 64 times, or more. */
export class Coverage {
  readonly #counters: Counters
  readonly #seen: Uint8Array

  constructor(counters: Counters) {
    this.#counters = counters
    this.#seen = new Uint8Array(counters.hits.length)
  }

  /** How many branches were ever taken. */
  get branches(): number {
    return this.#seen.reduce((sum, steps) => sum + (steps === 0 ? 0 : 1), 0)
  }

  /** Looks at what the last input did and clears the counters. @returns whether it was anything new */
  takeNew(): boolean {
    const { hits, touched } = this.#counters
    let isNew = false
    for (let i = this.#counters.count() - 1; i >= 0; i--) {
      const branch = touched[i] ?? 0
      const step = stepOf(hits[branch] ?? 0)
      const seen = this.#seen[branch] ?? 0
      if ((seen & step) !== 0) continue
      this.#seen[branch] = seen | step
      isNew = true
    }
    this.#counters.clear()
    return isNew
  }
}

function stepOf(hits: number): number {
  if (hits <= 2) return hits
  if (hits <= 4) return 4
  if (hits <= 16) return 8
  return hits <= 64 ? 16 : 32
}
