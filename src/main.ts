import { openBackend } from './backend/open.ts'
import type { Backend } from './backend/types.ts'
import { parseCall, wantsJson } from './cli.ts'
import type { Outcome } from './commands/spec.ts'
import { EXIT } from './errors.ts'
import { render } from './format/render.ts'
import { colourPaint, plainPaint } from './format/style.ts'
import type { Io } from './io.ts'
import type { Notices } from './notices.ts'
import { makeNotices, reportError } from './report.ts'
import { readSettings, type Settings } from './settings.ts'
import type { Host } from './tph/host.ts'

/**
 * Runs one command.
 *
 * @param argv the words behind `tphctl`
 * @returns the exit code; everything else went to `io`
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const json = wantsJson(argv)
  try {
    return await runCall(argv, io, json)
  } catch (error) {
    return reportError(error, io, json)
  }
}

async function runCall(argv: readonly string[], io: Io, json: boolean): Promise<number> {
  const call = await parseCall(argv, io)
  if (call === null) return EXIT.ok
  const settings = readSettings(call.globals, io)
  const notices = makeNotices(io, settings, json)
  const opened = new OpenedHost(settings, io, notices)
  const { dryRun } = settings
  const outcome = call.spec.run(call.invocation, { io, notices, dryRun, host: () => opened.host() })
  await show(outcome, settings, opened.name, io)
  const { error } = outcome
  return error ? reportError(error, io, json) : EXIT.ok
}

async function show(
  { result }: Outcome,
  { format, colour }: Settings,
  backend: string | null,
  io: Io,
): Promise<void> {
  const paint = colour && format === 'table' ? await colourPaint() : plainPaint
  io.stdout.write(render(result, format, { paint, backend }))
}

/** The host of a call, opened when a command asks for it. */
class OpenedHost {
  readonly #settings: Settings
  readonly #io: Io
  readonly #notices: Notices
  #backend: Backend | null = null

  constructor(settings: Settings, io: Io, notices: Notices) {
    this.#settings = settings
    this.#io = io
    this.#notices = notices
  }

  /** The backend's name; null when no command asked for the host. */
  get name(): string | null {
    return this.#backend?.name ?? null
  }

  host(): Host {
    const { featureIndex, waitSeconds, strict, verbose } = this.#settings
    this.#backend ??= this.#open()
    return {
      backend: this.#backend,
      notices: this.#notices,
      featureIndex,
      waitSeconds,
      strict,
      trace: verbose ? (line) => this.#io.stderr.write(`${line}\n`) : null,
    }
  }

  #open(): Backend {
    const { backend: name, mockHost } = this.#settings
    const backend = openBackend(name, mockHost, this.#io)
    const { stdout, stderr } = this.#io
    if (name === 'mock' && (stdout.isTerminal || stderr.isTerminal)) {
      this.#notices.note('this is the emulated host (--backend mock), no real device is touched')
    }
    for (const note of backend.notes) this.#notices.note(note)
    return backend
  }
}
