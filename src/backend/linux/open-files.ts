import { constants, openSync } from 'node:fs'
import { quote } from '../../args/quote.ts'
import { closeQuietly } from '../../close-quietly.ts'
import { type Meanings, stepFailed } from './open-refusals.ts'
import type { Root } from './root.ts'

/** The files opened on the way to a device. */
export class OpenFiles {
  /** The iommufd among them, to which further devices may be bound. */
  iommufd: number | null = null
  /** The IOMMU group among them, through which its other devices may be opened: a group opens once. */
  group: { readonly number: number; readonly fd: number } | null = null
  readonly #root: Root
  readonly #fds: number[] = []

  constructor(root: Root) {
    this.#root = root
  }

  /** Opens a node for reading and writing. @throws TphctlError that says what its errno means there */
  open(path: string, meanings: Meanings): number {
    try {
      return this.keep(openSync(this.#root.locate(path), constants.O_RDWR))
    } catch (error) {
      const { errno } = error as NodeJS.ErrnoException
      if (errno === undefined) throw error
      throw stepFailed(`open ${quote(path)}`, Math.abs(errno), meanings)
    }
  }

  /** Takes an fd over, to close it with the others. */
  keep(fd: number): number {
    this.#fds.push(fd)
    return fd
  }

  /** Gives an fd to the caller, who closes it. */
  release(fd: number): number {
    this.#fds.splice(this.#fds.indexOf(fd), 1)
    return fd
  }

  /** Closes what is left, the last opened first. */
  close(): void {
    for (let fd = this.#fds.pop(); fd !== undefined; fd = this.#fds.pop()) closeQuietly(fd)
  }
}
