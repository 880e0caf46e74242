import type { Libc } from './libc.ts'

/** C types by the name of their kind; `long` is as wide as a pointer on 64-bit Linux. */
export type CType = 'int' | 'long' | 'ulong' | 'size_t' | 'pointer'

/** What a C function takes: bytes where the type is `pointer`, else a number. */
export type CValue = number | Uint8Array

/** A C function; only its result tells success, and errno is Binding's. */
export type CFunction = (...values: CValue[]) => number

/** What a foreign-function package provides; libc is built on it the same way for each. */
export interface Binding {
  readonly name: Libc['name']

  /**
   * Finds a C function among those of the process. The prototype has a fixed number of parameters, for variadic functions
   * too: x86-64 and arm64 Linux pass integers and pointers alike in both.
   */
  bind(symbol: string, result: 'int' | 'long', parameters: readonly CType[]): CFunction

  /** The calling thread's errno, a positive number. */
  errno(): number

  /** Fills `words` from memory at `address`, one aligned 4-byte load each. */
  loadWords(address: number, words: Uint32Array): void
}
