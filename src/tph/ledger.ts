import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Bdf } from '../args/bdf.ts'
import type { LedgerPlace } from '../backend/types.ts'
import { RefusedError } from '../errors.ts'
import { makeDirectory } from '../make-directory.ts'
import type { Notices } from '../notices.ts'
import { systemError } from '../system-error.ts'
import type { Ledger } from './ledger-format.ts'
import { formatLedger, parseLedger } from './ledger-text.ts'

/** A ledger file that tphctl did not write, or not to its end. */
export class DamagedLedgerError extends RefusedError {}

/** Reads and writes the ledgers of one backend, a file a device (design: "The ledger"). */
export class LedgerStore {
  readonly #place: LedgerPlace
  readonly #notices: Notices

  constructor(place: LedgerPlace, notices: Notices) {
    this.#place = place
    this.#notices = notices
  }

  /**
   * The ledger of a device; null when there is none. What is no ledger counts as none, with a note: it is a convenience.
   *
   * @throws RefusedError, PermissionError, UsageError when it cannot be read
   */
  read(bdf: Bdf): Ledger | null {
    try {
      return this.readStrictly(bdf)
    } catch (error) {
      if (!(error instanceof DamagedLedgerError)) throw error
      this.#notices.note(`${bdf}: the CPUs behind its tags are not known: ${error.message}`)
      return null
    }
  }

  /** The same for undo, which cannot do without. @throws DamagedLedgerError for what is no ledger */
  readStrictly(bdf: Bdf): Ledger | null {
    const path = this.#pathOf(bdf)
    try {
      this.#refuseLinkedDirectory('read')
      return parse(path, bdf, readWithoutFollowing(path))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw systemError(`read ledger "${path}"`, error)
    }
  }

  /** Replaces the ledger of a device, so that readers see the old or the new one whole. The caller has the device's lock. */
  write(ledger: Ledger): void {
    const path = this.#pathOf(ledger.device)
    const fresh = `${path}.new`
    try {
      this.#makeDirectory()
      this.#writeFile(fresh, formatLedger(ledger))
      renameSync(fresh, path)
      if (this.#place.sync) syncDirectory(this.#place.directory)
    } catch (error) {
      rmSync(fresh, { force: true })
      throw systemError(`write ledger "${path}"`, error)
    }
  }

  /** The devices that have a ledger. */
  devices(): Bdf[] {
    try {
      this.#refuseLinkedDirectory('read')
      const names = readdirSync(this.#place.directory)
      return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw systemError(`read ledgers in "${this.#place.directory}"`, error)
    }
  }

  #pathOf(bdf: Bdf): string {
    return join(this.#place.directory, `${bdf}.json`)
  }

  #makeDirectory(): void {
    makeDirectory(this.#place.directory)
    this.#refuseLinkedDirectory('write')
  }

  #refuseLinkedDirectory(verb: 'read' | 'write'): void {
    if (lstatSync(this.#place.directory).isSymbolicLink()) {
      throw new RefusedError(
        `Cannot ${verb} ledgers in "${this.#place.directory}": ELOOP, it is a symbolic link`,
        { errno: 'ELOOP' },
      )
    }
  }

  #writeFile(path: string, text: string): void {
    rmSync(path, { force: true })
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
    const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    try {
      writeFileSync(fd, text)
      if (this.#place.sync) fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  }
}

function readWithoutFollowing(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

function parse(path: string, bdf: Bdf, text: string): Ledger {
  const ledger = parseLedger(text)
  if (ledger?.device === bdf) return ledger
  throw new DamagedLedgerError(`Cannot read ledger "${path}": it is not what tphctl writes`, {
    device: bdf,
    hint: 'the next "tphctl set" of this device replaces it',
  })
}

function syncDirectory(path: string): void {
  const fd = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
