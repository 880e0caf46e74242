import { CLEAR_ENTRY } from '../abi/tph-st.ts'

/** Stands in two bytes for what CLEAR_ENTRY stands for in four. */
const NONE_OF_16 = 0xffff

/** The CPUs of entries, in their order, at two bytes each, or at four where one of them is that large. */
export class CpuColumn {
  readonly numbers: Uint16Array | Uint32Array

  /** @param numbers CLEAR_ENTRY, which is no CPU, for none and for one that is not known */
  constructor(numbers: Uint32Array) {
    const isWide = numbers.some((cpu) => cpu >= NONE_OF_16 && cpu !== CLEAR_ENTRY)
    // What is cut off CLEAR_ENTRY leaves NONE_OF_16.
    this.numbers = isWide ? numbers.slice() : new Uint16Array(numbers)
  }

  /** The CPU of the i-th entry; null for none. */
  at(i: number): number | null {
    const number = this.numbers[i] ?? CLEAR_ENTRY
    const none = this.numbers instanceof Uint16Array ? NONE_OF_16 : CLEAR_ENTRY
    return number >= none ? null : number
  }

  /** Those from the place `start` up to, not including, `end`. */
  slice(start: number, end: number): (number | null)[] {
    const cpus = new Array<number | null>(end - start)
    for (let i = 0; i < cpus.length; i++) cpus[i] = this.at(start + i)
    return cpus
  }
}
