import { type ChildProcess, spawn } from 'node:child_process'
import { commandOf, outputOf, plainEnvironment, type Run, type RunOptions } from './program.ts'
import { until } from './until.ts'

/** A `tphctl hold` that has its devices. */
export class Holder {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #output: { readonly stdout: string; readonly stderr: string }
  #status: number | null = null
  #isOver = false

  private constructor(line: string, options: RunOptions) {
    const [program, words] = commandOf(`hold ${line}`, options)
    const child = spawn(program, words, {
      env: { ...plainEnvironment(), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.on('close', (status) => {
      this.#status = status
      this.#isOver = true
    })
    this.#child = child
    this.#output = outputOf(child)
    this.pid = child.pid ?? -1
  }

  /** Starts it and waits until it is ready. @param line devices and options, separated by blanks */
  static async start(line: string, options: RunOptions = {}): Promise<Holder> {
    const holder = new Holder(line, options)
    const devices = line.split(' ').filter((word) => /^[0-9a-f]{4}:/.test(word)).length
    const ready = () => holder.stdout.split('\n').length > devices
    await until(`hold ${line}`, () => ready() || holder.#isOver)
    if (!ready()) throw new Error(`tphctl hold ${line}: ${holder.stderr}`)
    return holder
  }

  get stdout(): string {
    return this.#output.stdout
  }

  get stderr(): string {
    return this.#output.stderr
  }

  /** Has it set its file again. */
  hangUp(): void {
    this.#child.kill('SIGHUP')
  }

  /** Ends it, unless it has ended, and waits for that. @returns what it came to */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<Run> {
    if (!this.#isOver) this.#child.kill(signal)
    await until(`the end of pid ${this.pid}`, () => this.#isOver)
    return { status: this.#status, ...this.#output }
  }
}
