import { Root } from '../../../src/backend/linux/root.ts'

/** A Root that keeps the path of every read, in order. */
export class CountingRoot extends Root {
  readonly reads: string[] = []

  override text(path: string): string | null {
    this.reads.push(path)
    return super.text(path)
  }

  override bytes(path: string): Uint8Array | null {
    this.reads.push(path)
    return super.bytes(path)
  }

  override names(path: string): string[] {
    this.reads.push(path)
    return super.names(path)
  }

  override link(path: string): string | null {
    this.reads.push(path)
    return super.link(path)
  }

  override realPath(path: string): string | null {
    this.reads.push(path)
    return super.realPath(path)
  }
}
