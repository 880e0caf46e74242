import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Way } from './owner.ts'

/** The word that makes a test program the owner: it starts itself again. */
export const OWNER = 'owner'

/** An owner of devices in a process of its own. */
export class OwnerProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    child.stderr.pipe(process.stderr)
    child.stdin.on('error', () => {})
  }

  /** @param program a script that calls `runOwner(way)` when started with the words `owner` and the way */
  static async start(program: string, way: Way): Promise<OwnerProcess> {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const owner = new OwnerProcess(spawn(process.execPath, [program, OWNER, way], { env }))
    await owner.#expect('ready')
    return owner
  }

  get pid(): number {
    return this.#child.pid ?? -1
  }

  /** @param order `open BDF` or `close BDF` */
  async obey(order: string): Promise<void> {
    this.#child.stdin.write(`${order}\n`)
    await this.#expect('ok')
  }

  /** Ends it: by the end of its input, or at once. */
  async end(how: 'politely' | 'killed' = 'politely'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    if (how === 'killed') this.#child.kill('SIGKILL')
    else this.#child.stdin.end()
    await ended
  }

  async #expect(answer: string): Promise<void> {
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error('the owner ended')
    if (value !== answer) throw new Error(`the owner says: ${value}`)
  }
}
