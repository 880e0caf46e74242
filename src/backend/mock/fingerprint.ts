/*
 * Two hashes of 32 bits over the same bytes. The first is FNV-1a (offset basis and prime of draft-eastlake-fnv, section 5). The second
 * begins elsewhere and takes in a byte of the first as well, so that it tells apart what the first does not.
 */
const PRIME = 0x01000193
const BASES = [0x811c9dc5, 0x9dc5811c] as const

/**
 * Tells files apart that nobody made to be taken for one another: 16 hexadecimal digits of all bytes. Node's crypto takes 4 ms and 3 MB
 * to load.
 */
export class Fingerprint {
  #first: number = BASES[0]
  #second: number = BASES[1]

  /** Hot: all of a dump. */
  update(bytes: Uint8Array): void {
    let [first, second] = [this.#first, this.#second]
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0
      first = Math.imul(first ^ byte, PRIME)
      second = Math.imul(second ^ byte ^ (first >>> 24), PRIME)
    }
    this.#first = first
    this.#second = second
  }

  /** Of all bytes so far. */
  digest(): string {
    return hex(this.#first) + hex(this.#second)
  }
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}
