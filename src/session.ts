import { loadBackend } from './backend/open.ts'
import type { Backend } from './backend/types.ts'
import type { Answer, Calls, Context, PreparedCall, Show } from './context.ts'
import { EXIT, type Place } from './errors.ts'
import type { Format } from './format/formats.ts'
import { type BatchFrame, render } from './format/render.ts'
import type { Result } from './format/result.ts'
import { colourPaint, plainPaint } from './format/style.ts'
import type { Io } from './io.ts'
import { noStandardInput, parseLineCall } from './line-call.ts'
import { OpenedHost } from './opened-host.ts'
import type { ParsedCall } from './parsed-call.ts'
import { makeNotices, reportError } from './report.ts'
import type { Settings } from './settings.ts'

/** How wide text is where nothing tells. */
const PIPE_WIDTH = 80

/** What the calls of one run of the program share: the global options, the host, and how they answer. */
export class Session implements Calls {
  readonly format: Format
  readonly #settings: Settings
  readonly #io: Io
  readonly #host: OpenedHost
  readonly #json: boolean
  /** Parses lines of a batch, which have no help of their own. */

  private constructor(settings: Settings, io: Io, openBackend: () => Backend) {
    this.format = settings.format
    this.#settings = settings
    this.#io = io
    this.#json = settings.format === 'json' || settings.format === 'ndjson'
    const notices = makeNotices(io, settings, this.#json)
    this.#host = new OpenedHost(openBackend, settings, io, notices)
  }

  /** Loads what opens the host; it is opened when a command asks for it. */
  static async open(settings: Settings, io: Io): Promise<Session> {
    return new Session(settings, io, await loadBackend(settings, io))
  }

  /** Runs the call of the command line and writes what it came to. */
  answer(call: ParsedCall): Promise<Answer> {
    return this.#run(call, this.#io, null, async (result) => {
      for (const piece of await this.#renderAs(this.format, result)) this.#io.stdout.write(piece)
    })
  }

  async prepare(words: readonly string[]): Promise<PreparedCall> {
    const call = await parseLineCall(words, this.#io)
    const io = { ...this.#io, readStdin: noStandardInput, stdinPieces: noStandardInput }
    return {
      command: call.name,
      run: (place, show) => this.#run(call, io, place, show),
    }
  }

  async render(result: Result, frame: BatchFrame = {}): Promise<string> {
    return [...(await this.#renderAs(this.format, result, frame))].join('')
  }

  /** Text may be in colour, which tsv makes no use of. */
  async #renderAs(
    format: Format,
    result: Result,
    frame: BatchFrame = {},
  ): Promise<Iterable<string>> {
    const isText = format === 'table' || format === 'tsv'
    const paint = this.#settings.colour && isText ? await colourPaint() : plainPaint
    const width = this.#io.terminalSize()?.columns ?? PIPE_WIDTH
    return render(result, format, { paint, width, backend: this.#host.name, ...frame })
  }

  fail(error: unknown, place: Place | null): Answer {
    const info = reportError(error, this.#io, this.#json, place)
    return { exitCode: info.exitCode, error: info }
  }

  async #run(
    { spec, invocation }: ParsedCall,
    io: Io,
    place: Place | null,
    show: Show,
  ): Promise<Answer> {
    this.#host.forget()
    const notices = makeNotices(io, this.#settings, this.#json, place)
    const { dryRun, asked, linux } = this.#settings
    const context: Context = {
      io,
      notices,
      dryRun,
      ephemeral: linux.ephemeral,
      asked,
      draw: async (result) => [...(await this.#renderAs('table', result))].join(''),
      host: () => this.#host.host(notices),
      calls: this,
    }
    try {
      const outcome = await spec.run(invocation, context)
      const { result, to, error, exitCode = EXIT.ok } = outcome
      let answer: Answer = { exitCode, error: null }
      try {
        if (result !== null && to !== undefined) io.replaceFile(to, await this.render(result))
        else if (result !== null) await show(result)
      } finally {
        if (error) answer = this.fail(error, place)
      }
      return answer
    } catch (error) {
      return this.fail(error, place)
    }
  }
}
