import { loadBackend } from './backend/open.ts'
import type { Backend } from './backend/types.ts'
import { type ParsedCall, parseCall, wantsJson } from './cli.ts'
import type { Outcome } from './commands/spec.ts'
import { EXIT } from './errors.ts'
import { render } from './format/render.ts'
import { colourPaint, plainPaint } from './format/style.ts'
import type { Io } from './io.ts'
import type { Notices } from './notices.ts'
import { makeNotices, reportError } from './report.ts'
import { readSettings, type Settings } from './settings.ts'
import type { Host } from './tph/host.ts'

/** The word by which the completion script of a shell asks what may stand at the cursor; no command for people. */
const COMPLETE = '__complete'

/**
 * Runs one command.
 *
 * @param argv the words behind `tphctl`
 * @returns the exit code; everything else went to `io`
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  if (argv[0] === COMPLETE) {
    const { complete } = await import('./completion/complete.ts')
    io.stdout.write(await complete(argv.slice(1), io))
    return EXIT.ok
  }
  let json = wantsJson(argv)
  try {
    const call = await parseCall(argv, io)
    if (call === null) return EXIT.ok
    const settings = readSettings(call.globals, io)
    json = settings.format === 'json' || settings.format === 'ndjson'
    return await runCall(call, settings, io, json)
  } catch (error) {
    return reportError(error, io, json)
  }
}

async function runCall(
  call: ParsedCall,
  settings: Settings,
  io: Io,
  json: boolean,
): Promise<number> {
  const notices = makeNotices(io, settings, json)
  const opened = new OpenedHost(await loadBackend(settings, io), settings, io, notices)
  const { dryRun } = settings
  const outcome = await call.spec.run(call.invocation, {
    io,
    notices,
    dryRun,
    host: () => opened.host(),
  })
  const { error, exitCode = EXIT.ok } = outcome
  try {
    await show(outcome, settings, opened.name, io)
  } finally {
    if (error) reportError(error, io, json)
  }
  return error ? error.exitCode : exitCode
}

async function show(
  { result }: Outcome,
  { format, colour }: Settings,
  backend: string | null,
  io: Io,
): Promise<void> {
  if (result === null) return
  const paint = colour && format === 'table' ? await colourPaint() : plainPaint
  io.stdout.write(render(result, format, { paint, backend }))
}

/** The host of a call, opened when a command asks for it. */
class OpenedHost {
  readonly #openBackend: () => Backend
  readonly #settings: Settings
  readonly #io: Io
  readonly #notices: Notices
  #backend: Backend | null = null

  constructor(openBackend: () => Backend, settings: Settings, io: Io, notices: Notices) {
    this.#openBackend = openBackend
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
    const backend = this.#openBackend()
    const { stdout, stderr } = this.#io
    if (backend.name === 'mock' && (stdout.isTerminal || stderr.isTerminal)) {
      this.#notices.note('emulated host (--backend mock): no real device is touched')
    }
    for (const note of backend.notes) this.#notices.note(note)
    return backend
  }
}
