/** The bytes of one image as far as they were written without a gap, and the first gap. */
export interface TakenBytes {
  /** From offset 0 up to the first byte never written. */
  readonly bytes: Uint8Array
  /** First and last offset of the gap before further bytes; null where there is none. */
  readonly missing: readonly [first: number, last: number] | null
}

/** Collects bytes written at any offset below its capacity, in any order; reused from image to image. */
export class ByteImage {
  readonly capacity: number
  readonly #bytes: Uint8Array
  readonly #written: Uint8Array
  #end = 0

  constructor(capacity: number) {
    this.capacity = capacity
    this.#bytes = new Uint8Array(capacity)
    this.#written = new Uint8Array(capacity)
  }

  /** Writes one byte; a later one at the same offset wins. @throws RangeError at or beyond the capacity */
  put(offset: number, byte: number): void {
    if (offset >= this.capacity) throw new RangeError(`offset ${offset} is beyond ${this.capacity}`)
    this.#bytes[offset] = byte
    this.#written[offset] = 1
    this.#end = Math.max(this.#end, offset + 1)
  }

  /** Writes several. @throws RangeError beyond the capacity */
  putRow(offset: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, offset)
    this.#written.fill(1, offset, offset + bytes.length)
    this.#end = Math.max(this.#end, offset + bytes.length)
  }

  /**
   * Hands out what was written and starts afresh.
   *
   * @param former what was handed out before, which is handed out again where it has the same bytes
   */
  take(former?: Uint8Array): TakenBytes {
    const written = this.#written.subarray(0, this.#end)
    const hole = written.indexOf(0)
    const fresh = this.#bytes.subarray(0, hole < 0 ? this.#end : hole)
    const bytes = former !== undefined && isSame(former, fresh) ? former : fresh.slice()
    const missing = hole < 0 ? null : ([hole, written.indexOf(1, hole) - 1] as const)
    written.fill(0)
    this.#end = 0
    return { bytes, missing }
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false
  return true
}
