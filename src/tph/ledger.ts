import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
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
import { type Bdf, parseBdf } from '../args/bdf.ts'
import type { LedgerPlace } from '../backend/types.ts'
import { PermissionError, RefusedError, UsageError } from '../errors.ts'
import { makeDirectory } from '../make-directory.ts'
import type { Notices } from '../notices.ts'
import { whyNotPrivate } from '../private-directory.ts'
import { systemError } from '../system-error.ts'
import type { Ledger } from './ledger-format.ts'
import { formatLedger, parseLedger } from './ledger-text.ts'

/** Many times what a ledger of a full table and of all devices takes. */
const MOST_BYTES = 4 * 1024 * 1024
const MODE = 0o600
const SUFFIX = '.json'

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
      if (!this.#hasOwnDirectory('read')) return null
      return parse(path, bdf, readOwnFile(path))
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
      if (!this.#hasOwnDirectory('read')) return []
      const names = readdirSync(this.#place.directory)
      return names.flatMap(deviceOf)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw systemError(`read ledgers in "${this.#place.directory}"`, error)
    }
  }

  #pathOf(bdf: Bdf): string {
    return join(this.#place.directory, `${bdf}${SUFFIX}`)
  }

  #makeDirectory(): void {
    makeDirectory(this.#place.directory)
    this.#hasOwnDirectory('write')
  }

  /** Whether the directory is there. @throws RefusedError, PermissionError when others could have put something into it */
  #hasOwnDirectory(verb: 'read' | 'write'): boolean {
    const { directory, user } = this.#place
    const stats = lstatSync(directory, { throwIfNoEntry: false })
    if (stats === undefined) return false
    const action = `Cannot ${verb} ledgers in "${directory}"`
    if (stats.isSymbolicLink()) {
      throw new RefusedError(`${action}: ELOOP, it is a symbolic link`, { errno: 'ELOOP' })
    }
    const trouble = user === undefined ? null : whyNotPrivate(stats, user)
    if (trouble === null) return true
    throw new PermissionError(`${action}: it ${trouble}`, {
      hint: 'remove it, tphctl makes it anew',
    })
  }

  #writeFile(path: string, text: string): void {
    rmSync(path, { force: true })
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
    const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, MODE)
    try {
      fchmodSync(fd, MODE)
      writeFileSync(fd, text)
      writeFileSync(fd, '\n')
      if (this.#place.sync) fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  }
}

/** The device whose ledger has that name; none for any other name. */
function deviceOf(name: string): Bdf[] {
  const bdf = name.slice(0, -SUFFIX.length)
  try {
    return name.endsWith(SUFFIX) && parseBdf(bdf) === bdf ? [bdf] : []
  } catch (error) {
    if (error instanceof UsageError) return []
    throw error
  }
}

/** Empty for what tphctl does not write: no regular file, or one too long. A pipe is not waited for. */
function readOwnFile(path: string): string {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const stats = fstatSync(fd)
    return stats.isFile() && stats.size <= MOST_BYTES ? readFileSync(fd, 'utf8') : ''
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
