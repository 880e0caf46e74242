import { type Counters, Coverage } from './counters.ts'
import { type Material, magnify, mutate } from './mutate.ts'
import { Random } from './random.ts'
import { bytesOf, LARGE, type Target } from './target.ts'
import { millisecondsFor, tryInput, trySlow } from './trial.ts'

/** An input that broke something. */
export interface Find {
  readonly target: string
  readonly key: string
  readonly text: string
  readonly input: Uint8Array
}

/** What a hunt tells while it goes on. */
export interface Watcher {
  /** Before each execution: should it never end, whoever waits knows by what. */
  begin(input: Uint8Array): void
  found(find: Find): void
}

/** Inputs that are kept to be changed further. */
const MOST_KEPT = 3000
/** Every so many-th input is made long. */
const MAGNIFY_EVERY = 128
/** Executions between two looks at the clock. */
const ROUND = 64

/** Looks for inputs that break one target; it goes on where it stopped. */
export class Hunt {
  readonly target: Target
  executions = 0
  readonly #watcher: Watcher
  readonly #counters: Counters | null
  readonly #coverage: Coverage | null
  readonly #pool: Uint8Array[] = []
  readonly #known = new Set<string>()
  readonly #material: Material
  readonly #seeds: Uint8Array[]

  constructor(target: Target, seed: number, counters: Counters | null, watcher: Watcher) {
    const random = new Random(seed)
    this.target = target
    this.#watcher = watcher
    this.#counters = counters
    this.#coverage = counters === null ? null : new Coverage(counters)
    this.#seeds = [...target.seeds()].reverse()
    const words = target.words.map(bytesOf)
    const other = () => random.pick(this.#pool)
    this.#material = { random, words, other }
  }

  /** Branches of `src` that some input took; 0 where nothing is counted. */
  get branches(): number {
    return this.#coverage?.branches ?? 0
  }

  /** Tries so many inputs, or fewer when the time is over. @param until as `performance.now` has it */
  async run(executions: number, until: number): Promise<void> {
    for (let left = executions; left > 0; ) {
      for (let i = Math.min(left, ROUND); i > 0; i--, left--) await this.#step()
      if (performance.now() >= until) return
    }
  }

  async #step(): Promise<void> {
    const input = this.#next()
    this.#watcher.begin(input)
    this.#counters?.clear()
    const start = performance.now()
    let isBroken = false
    try {
      const done = this.target.run(input)
      if (done !== undefined) await done
    } catch {
      isBroken = true
    }
    const took = performance.now() - start
    this.executions++
    const isNew = this.#coverage?.takeNew() ?? false
    if (isNew || this.#pool.length === 0) this.#keep(input)
    if (isBroken) this.#tell(input, await tryInput(this.target, input))
    else if (took > millisecondsFor(this.target, input.length)) {
      this.#tell(input, await trySlow(this.target, input))
    }
  }

  #next(): Uint8Array {
    const seed = this.#seeds.pop()
    if (seed !== undefined) return seed
    const { random } = this.#material
    // What was kept last went furthest.
    const at = random.below(3) === 0 ? random.below(16) : random.below(this.#pool.length)
    const from = this.#pool[this.#pool.length - 1 - Math.min(at, this.#pool.length - 1)]
    const start = from ?? new Uint8Array(0)
    if (this.executions % MAGNIFY_EVERY === MAGNIFY_EVERY - 1) {
      return magnify(start, this.#material, Math.min(LARGE, 16 * this.target.longest))
    }
    return mutate(start, this.#material, this.target.longest)
  }

  #keep(input: Uint8Array): void {
    if (input.length > this.target.longest && this.#pool.length > 0) return
    if (this.#pool.length < MOST_KEPT) this.#pool.push(input.slice())
    else this.#pool[this.#material.random.below(MOST_KEPT)] = input.slice()
  }

  #tell(input: Uint8Array, fault: { key: string; text: string } | null): void {
    if (fault === null || this.#known.has(fault.key)) return
    this.#known.add(fault.key)
    this.#watcher.found({ target: this.target.name, ...fault, input: input.slice() })
  }
}
