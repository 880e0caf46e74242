import {
  accessSync,
  constants,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { PermissionError } from '../../errors.ts'
import { hostError } from '../../system-error.ts'
import type { NodeState } from '../host-facts.ts'
import { insideOf, readCopiedFile } from './copied-file.ts'
import { once } from './once.ts'

/** What a path that is not there fails with: gone processes and devices answer in several ways. */
export const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ESRCH', 'ENODEV', 'ENXIO'])

/**
 * The host's /sys, /proc and /dev, or copies of them below another folder (`--root`). Paths are absolute as on the host. What
 * is not there reads as null or empty; every other failure is a TphctlError that names the path and the errno. Of a copy nothing
 * outside of it is read.
 */
export class Root {
  readonly #folder: string
  readonly #real = once(() => realpathSync.native(this.#folder))

  constructor(folder = '/') {
    this.#folder = resolve(folder)
  }

  /** Whether this is the running host, so that system calls agree with what is read here. */
  get isRunningHost(): boolean {
    return this.#folder === '/'
  }

  /** Where a path of the host lies for this process. */
  locate(path: string): string {
    return join(this.#folder, path)
  }

  /** The same, made sure that of a copy it does not lead out of it. @throws EXDEV; system errors as Node throws them */
  inside(path: string): string {
    return this.isRunningHost ? path : insideOf(this.#real(), this.locate(path))
  }

  /** A file's text without the newline at its end. */
  text(path: string): string | null {
    return this.#ifThere(path, () => this.#read(path).toString('utf8').replace(/\n$/, ''))
  }

  bytes(path: string): Uint8Array | null {
    return this.#ifThere(path, () => new Uint8Array(this.#read(path)))
  }

  /** Names in a folder, in no order. */
  names(path: string): string[] {
    return this.#ifThere(path, () => readdirSync(this.inside(path))) ?? []
  }

  /** The text of a symbolic link. */
  link(path: string): string | null {
    return this.#ifThere(path, () => readlinkSync(join(this.inside(dirname(path)), basename(path))))
  }

  /** The path with every link followed, as on the host. */
  realPath(path: string): string | null {
    return this.#ifThere(path, () => {
      const real = realpathSync(this.locate(path))
      return join('/', relative(realpathSync(this.#folder), real))
    })
  }

  /** Whether this process may read and write a node, without opening it; of a copy only that it is there. */
  node(path: string): NodeState {
    if (this.#access(path, constants.F_OK) === 'missing') return 'missing'
    return this.isRunningHost ? this.#access(path, constants.R_OK | constants.W_OK) : 'there'
  }

  #read(path: string): Buffer {
    return this.isRunningHost ? readFileSync(path) : readCopiedFile(this.#real(), this.locate(path))
  }

  #access(path: string, mode: number): NodeState {
    try {
      return this.#ifThere(path, () => accessSync(this.locate(path), mode)) === null
        ? 'missing'
        : 'usable'
    } catch (error) {
      if (error instanceof PermissionError) return 'forbidden'
      throw error
    }
  }

  #ifThere<T>(path: string, read: () => T): T | null {
    try {
      return read()
    } catch (error) {
      if (GONE.has((error as NodeJS.ErrnoException).code ?? '')) return null
      throw hostError(`read ${path}`, error)
    }
  }
}
