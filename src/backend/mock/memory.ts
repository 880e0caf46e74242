/**
 * Everything about an emulated function that can change, as pieces of memory. Offsets and sizes never change
 * once the function is built.
 */
export interface Memory {
  /** Config space: 64, 256 or 4096 bytes, or what a dump held. */
  readonly config: Uint8Array
  /** The MSI-X table in the function's BAR, 16 bytes a vector; empty without one. */
  readonly msix: Uint8Array
  /** One byte a vector of that table: 1 while the kernel has an interrupt for it. */
  readonly vectors: Uint8Array
  /** The kernel's own table: one little-endian u16 tag an entry. */
  readonly kept: Uint8Array
}

/** The names of the pieces, as the state file spells them. */
export const REGIONS = ['config', 'msix', 'vectors', 'kept'] as const

/** One of the pieces of memory. */
export type Region = (typeof REGIONS)[number]

/** Bytes of one piece that became different. */
export interface Change {
  readonly region: Region
  readonly offset: number
  readonly bytes: Uint8Array
}

/** What turns `before` into `after`: at most one change a piece, from its first to its last different byte. */
export function differences(before: Memory, after: Memory): Change[] {
  return REGIONS.flatMap((region) => {
    const [from, to] = [before[region], after[region]]
    if (from === to || Buffer.compare(from, to) === 0) return []
    let first = 0
    while (from[first] === to[first]) first++
    let end = to.length
    while (from[end - 1] === to[end - 1]) end--
    return [{ region, offset: first, bytes: to.slice(first, end) }]
  })
}

/** A copy that is made piece by piece, when one is first looked at: most work is about one of them, and the MSI-X table is large. */
export class LazyCopy implements Memory {
  readonly #original: Memory
  readonly #copied: { -readonly [K in Region]?: Uint8Array } = {}

  constructor(original: Memory) {
    this.#original = original
  }

  get config(): Uint8Array {
    return this.#copy('config')
  }

  get msix(): Uint8Array {
    return this.#copy('msix')
  }

  get vectors(): Uint8Array {
    return this.#copy('vectors')
  }

  get kept(): Uint8Array {
    return this.#copy('kept')
  }

  /** What was done to it since it was made. */
  changes(): Change[] {
    return differences(this.#original, { ...this.#original, ...this.#copied })
  }

  #copy(region: Region): Uint8Array {
    const copy = this.#copied[region] ?? this.#original[region].slice()
    this.#copied[region] = copy
    return copy
  }
}

/**
 * Writes a change into memory.
 *
 * @throws RangeError when it does not lie within the piece
 */
export function applyChange(memory: Memory, change: Change): void {
  memory[change.region].set(change.bytes, change.offset)
}
