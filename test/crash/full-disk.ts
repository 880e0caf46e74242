import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { World } from './world.ts'

/** What a tmpfs gives room by. */
const PAGE = 4096

/** A world on a small file system, which can be filled. */
export class FullDisk {
  readonly world: World
  readonly #filler: string

  /** @param directory a tmpfs */
  constructor(directory: string) {
    this.world = new World(join(directory, 'world'))
    this.#filler = join(directory, 'filler')
  }

  /** Leaves room for so many pages. */
  fill(pages: number): void {
    const { bfree, bsize } = statfsSync(this.world.folder)
    const left = Math.floor((bfree * bsize) / PAGE)
    const fd = openSync(this.#filler, 'w')
    try {
      for (let i = pages; i < left; i++) writeSync(fd, Buffer.alloc(PAGE))
    } finally {
      closeSync(fd)
    }
  }

  empty(): void {
    rmSync(this.#filler, { force: true })
  }
}
