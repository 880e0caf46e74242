import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
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
import { systemError } from '../system-error.ts'
import { isLedger, type Ledger } from './ledger-format.ts'

/** Reads and writes the ledgers of one backend, a file a device (design: "The ledger"). */
export class LedgerStore {
  readonly #place: LedgerPlace

  constructor(place: LedgerPlace) {
    this.#place = place
  }

  /**
   * The ledger of a device; null when there is none.
   *
   * @throws RefusedError, PermissionError, UsageError when it cannot be read or is no ledger
   */
  read(bdf: Bdf): Ledger | null {
    const path = this.#pathOf(bdf)
    try {
      this.#refuseLinkedDirectory('read')
      return parse(path, bdf, readWithoutFollowing(path))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw systemError(`read ledger "${path}"`, error)
    }
  }

  /** Replaces the ledger of a device, so that readers see the old or the new one whole. */
  write(ledger: Ledger): void {
    const path = this.#pathOf(ledger.device)
    const fresh = `${path}.${process.pid}.new`
    try {
      this.#makeDirectory()
      this.#writeFile(fresh, `${JSON.stringify(ledger)}\n`)
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
    mkdirSync(this.#place.directory, { recursive: true, mode: 0o700 })
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
  const value = parseJson(text)
  if (isLedger(value) && value.device === bdf) return value
  throw new RefusedError(`Cannot read ledger "${path}": it is not what tphctl writes`, {
    hint: `remove it; only the CPUs behind the tags are forgotten`,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function syncDirectory(path: string): void {
  const fd = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
