import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Find } from './hunt.ts'
import { LARGE } from './target.ts'
import { LastInput, type Order, type Report, type WorkerData } from './worker.ts'

/** What became of a target. */
export interface Account {
  executions: number
  branches: number
  milliseconds: number
  readonly finds: Find[]
}

/** Milliseconds after which an input counts as one that never ends. */
const PATIENCE = 30_000
const LOOK_EVERY = 1000

/** Threads that do orders, one after the other; a thread that hangs or dies is replaced, and its input is a find. */
export class Crew {
  readonly #orders: Order[]
  readonly #seed: number
  readonly #account: (target: string) => Account
  readonly #found: (find: Find) => void
  #started = 0

  /** @param found is told of each find at once */
  constructor(
    orders: readonly Order[],
    seed: number,
    account: (target: string) => Account,
    found: (find: Find) => void,
  ) {
    this.#orders = [...orders]
    this.#seed = seed
    this.#account = account
    this.#found = found
  }

  /** @param jobs how many threads */
  async run(jobs: number): Promise<void> {
    await Promise.all(Array.from({ length: jobs }, () => this.#member()))
  }

  async #member(): Promise<void> {
    while (this.#orders.length > 0) await this.#life()
  }

  #take(find: Find): void {
    const { finds } = this.#account(find.target)
    if (finds.some(({ key }) => key === find.key)) return
    finds.push(find)
    this.#found(find)
  }

  /** One thread, until there is nothing to do or it is no good any more. */
  #life(): Promise<void> {
    const shared = new SharedArrayBuffer(LastInput.HEAD + 4 * LARGE)
    const seed = this.#seed + 1000 * this.#started++
    const data: WorkerData = { seed, shared }
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: data })
    const last = new LastInput(shared)
    let order: Order | undefined
    let seen = { begun: 0, at: performance.now() }
    const lost = (key: string, text: string) => {
      if (order !== undefined) this.#take({ target: order.target, key, text, input: last.input })
    }
    return new Promise((resolve) => {
      const end = () => {
        clearInterval(watch)
        void worker.terminate().then(() => resolve())
      }
      const next = () => {
        order = this.#orders.shift()
        seen = { begun: last.begun, at: performance.now() }
        if (order === undefined) end()
        else worker.postMessage(order)
      }
      const watch = setInterval(() => {
        if (last.begun !== seen.begun) seen = { begun: last.begun, at: performance.now() }
        else if (performance.now() - seen.at > PATIENCE) {
          lost('hang', `an execution took longer than ${PATIENCE / 1000} s`)
          end()
        }
      }, LOOK_EVERY)
      worker.on('error', (error) => {
        lost('thread', `the thread ended: ${error.message}`)
        end()
      })
      worker.on('message', (report: Report) => {
        if (order === undefined) return
        if (report.kind === 'find') {
          this.#take(report.find)
          return
        }
        const account = this.#account(order.target)
        account.executions += report.executions
        account.branches = Math.max(account.branches, report.branches)
        account.milliseconds += report.milliseconds
        next()
      })
      next()
    })
  }
}
