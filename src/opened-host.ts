import type { Backend } from './backend/types.ts'
import type { Io } from './io.ts'
import type { Notices } from './notices.ts'
import type { Settings } from './settings.ts'
import type { Host } from './tph/host.ts'

/** The host that the global options choose, opened when a command first asks for it. */
export class OpenedHost {
  readonly #openBackend: () => Backend
  readonly #settings: Settings
  readonly #io: Io
  readonly #notices: Notices
  #backend: Backend | null = null

  /** @param notices takes what there is to say about the host as a whole */
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

  /** The host as the next command is to see it: nothing is remembered from before. */
  forget(): void {
    this.#backend?.forget()
  }

  /** The host, for one command. @throws TphctlError when it cannot be opened */
  host(notices: Notices): Host {
    const { abi, featureIndex, waitSeconds, strict, verbose } = this.#settings
    this.#backend ??= this.#open()
    return {
      backend: this.#backend,
      notices,
      abi,
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
