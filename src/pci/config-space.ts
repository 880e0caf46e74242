/** The bytes asked for lie outside what could be read of a config space; whether they exist is not known. */
export class NotVisibleError extends RangeError {
  override readonly name = 'NotVisibleError'
  /** Config offset of the first byte asked for. */
  readonly offset: number
  /** How many bytes were asked for. */
  readonly length: number

  constructor(offset: number, length: number, visible: number) {
    super(`Cannot read ${length} bytes at config offset ${offset}: ${visible} bytes are visible`)
    this.offset = offset
    this.length = length
  }
}

/**
 * What could be read of one function's config space: offset 0 up to `length`, little-endian.
 * It looks at the caller's bytes, it does not copy them. Every reader throws NotVisibleError past the
 * end, so that a short read is never taken for a device that answers all ones.
 */
export class ConfigSpace {
  /** Number of visible bytes: 64 without privilege, 256 for conventional PCI, else 4096. */
  readonly length: number
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.length = bytes.byteLength
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Whether all `width` bytes from `offset` are visible. */
  has(offset: number, width: number): boolean {
    return Number.isInteger(offset) && offset >= 0 && width >= 0 && offset + width <= this.length
  }

  /** @throws NotVisibleError */
  u8(offset: number): number {
    return this.#view.getUint8(this.#visible(offset, 1))
  }

  /** @throws NotVisibleError */
  u16(offset: number): number {
    return this.#view.getUint16(this.#visible(offset, 2), true)
  }

  /** @throws NotVisibleError */
  u32(offset: number): number {
    return this.#view.getUint32(this.#visible(offset, 4), true)
  }

  /**
   * A copy of `length` bytes from `offset`.
   *
   * @throws NotVisibleError unless all of them are visible
   */
  bytes(offset: number, length: number): Uint8Array {
    const start = this.#view.byteOffset + this.#visible(offset, length)
    return new Uint8Array(this.#view.buffer.slice(start, start + length))
  }

  #visible(offset: number, length: number): number {
    if (!this.has(offset, length)) throw new NotVisibleError(offset, length, this.length)
    return offset
  }
}
