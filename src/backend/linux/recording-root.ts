import type { NodeState } from '../host-facts.ts'
import { Root } from './root.ts'

/** How something was read: what a file holds, what is in a folder, the text of a link, where it leads, whether a node is there. */
export type ReadKind = 'content' | 'names' | 'link' | 'place' | 'node'

/** A Root that notes what is read. */
export class RecordingRoot extends Root {
  readonly #reads = new Map<string, Set<ReadKind>>()

  /** What was read until now: how, by path. */
  get reads(): ReadonlyMap<string, ReadonlySet<ReadKind>> {
    return this.#reads
  }

  override text(path: string): string | null {
    this.#note(path, 'content')
    return super.text(path)
  }

  override bytes(path: string): Uint8Array | null {
    this.#note(path, 'content')
    return super.bytes(path)
  }

  override names(path: string): string[] {
    this.#note(path, 'names')
    return super.names(path)
  }

  override link(path: string): string | null {
    this.#note(path, 'link')
    return super.link(path)
  }

  override realPath(path: string): string | null {
    this.#note(path, 'place')
    return super.realPath(path)
  }

  override node(path: string): NodeState {
    this.#note(path, 'node')
    return super.node(path)
  }

  #note(path: string, kind: ReadKind): void {
    const kinds = this.#reads.get(path) ?? new Set()
    this.#reads.set(path, kinds.add(kind))
  }
}
