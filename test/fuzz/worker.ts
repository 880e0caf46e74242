import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { countersOf } from './counters.ts'
import { type Find, Hunt } from './hunt.ts'
import { shrink } from './shrink.ts'
import type { Target } from './target.ts'
import { tryInput } from './trial.ts'

/** What a worker is started with. */
export interface WorkerData {
  readonly seed: number
  /** As `LastInput` writes it. */
  readonly shared: SharedArrayBuffer
}

/** What is asked of a worker. */
export interface Order {
  readonly target: string
  readonly executions: number
  readonly milliseconds: number
}

/** What a worker says. */
export type Report =
  | { readonly kind: 'find'; readonly find: Find }
  | {
      readonly kind: 'done'
      readonly executions: number
      readonly branches: number
      readonly milliseconds: number
    }

/** The input that is being tried, where another thread sees it: how many were begun, its length, and its bytes. */
export class LastInput {
  static readonly HEAD = 8
  readonly #head: Int32Array
  readonly #bytes: Uint8Array

  constructor(shared: SharedArrayBuffer) {
    this.#head = new Int32Array(shared, 0, 2)
    this.#bytes = new Uint8Array(shared, LastInput.HEAD)
  }

  get begun(): number {
    return Atomics.load(this.#head, 0)
  }

  get input(): Uint8Array {
    return this.#bytes.slice(0, this.#head[1])
  }

  begin(input: Uint8Array): void {
    const length = Math.min(input.length, this.#bytes.length)
    this.#bytes.set(length < input.length ? input.subarray(0, length) : input)
    this.#head[1] = length
    Atomics.add(this.#head, 0, 1)
  }
}

/** Takes orders until the thread ends. */
export function work(targets: readonly Target[]): void {
  const port = parentPort as MessagePort
  const { seed, shared } = workerData as WorkerData
  const last = new LastInput(shared)
  const say = (report: Report) => port.postMessage(report)
  const hunts = new Map<string, Hunt>()
  const huntFor = (name: string): Hunt => {
    const known = hunts.get(name)
    const target = targets.find((one) => one.name === name)
    if (known !== undefined || target === undefined) return known as Hunt
    const found = (find: Find) => say({ kind: 'find', find })
    const begin = (input: Uint8Array) => last.begin(input)
    const hunt = new Hunt(target, seed + hunts.size, countersOf(), { begin, found })
    hunts.set(name, hunt)
    return hunt
  }
  Error.stackTraceLimit = 0
  port.on('message', async ({ target, executions, milliseconds }: Order) => {
    const hunt = huntFor(target)
    const before = hunt.executions
    const start = performance.now()
    await hunt.run(executions, start + milliseconds)
    say({
      kind: 'done',
      executions: hunt.executions - before,
      branches: hunt.branches,
      milliseconds: performance.now() - start,
    })
  })
}

/** The find with a shorter input that shows the same. */
export async function shrunk(target: Target, find: Find): Promise<Find> {
  if (find.key === 'slow' || find.key === 'hang') return find
  const shows = async (input: Uint8Array) => (await tryInput(target, input))?.key === find.key
  return { ...find, input: await shrink(find.input, shows) }
}
