/** Numbers that the same seed gives again in the same order (xorshift32 over a mixed seed). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = mix(seed) || 1
  }

  /** A whole number of 32 bits. */
  next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return x >>> 0
  }

  /** A whole number from 0 on. @param end what it is below; 0 for 0 */
  below(end: number): number {
    return end <= 1 ? 0 : (this.next() >>> 1) % end
  }

  /** One of them. @param all at least one */
  pick<T>(all: ArrayLike<T>): T {
    return all[this.below(all.length)] as T
  }
}

/** Makes seeds that are near to each other differ in all bits. */
function mix(seed: number): number {
  let x = (seed ^ 0x9e3779b9) >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}
