import { type ChildProcess, spawn } from 'node:child_process'
import { commandOf, plainEnvironment, type Run, type RunOptions } from './program.ts'
import { until } from './until.ts'

/** A `tphctl hold` that has its devices. */
export class Holder {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #run: { status: number | null; stdout: string; stderr: string }
  #isOver = false

  private constructor(line: string, options: RunOptions) {
    const [program, words] = commandOf(`hold ${line}`, options)
    const child = spawn(program, words, {
      env: { ...plainEnvironment(), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const run = { status: null as number | null, stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        run[name] += text
      })
    }
    child.on('close', (status) => {
      run.status = status
      this.#isOver = true
    })
    this.#child = child
    this.#run = run
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
    return this.#run.stdout
  }

  get stderr(): string {
    return this.#run.stderr
  }

  /** Has it set its file again. */
  hangUp(): void {
    this.#child.kill('SIGHUP')
  }

  /** Ends it, unless it has ended, and waits for that. @returns what it came to */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<Run> {
    if (!this.#isOver) this.#child.kill(signal)
    await until(`the end of pid ${this.pid}`, () => this.#isOver)
    return this.#run
  }
}
