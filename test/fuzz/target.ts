/** Something that takes bytes from outside, and what must hold whatever they are. */
export interface Target {
  readonly name: string
  /** How much of all executions it gets, beside the others. */
  readonly share: number
  /** Bytes of the longest input that is made by mutation; one in 128 is made long on purpose, up to `LARGE`. */
  readonly longest: number
  /** Microseconds that a byte may take, beside `MOST_MILLISECONDS` for every input. */
  readonly microsecondsPerByte: number
  /** Inputs to begin with, most of them good ones. */
  seeds(): readonly Uint8Array[]
  /** Words that matter in such inputs. */
  readonly words: readonly string[]
  /** @throws whatever must not happen */
  run(input: Uint8Array): void | Promise<void>
}

/** Milliseconds that any input may take, on a machine that does other things too. */
export const MOST_MILLISECONDS = 100

/** Bytes of inputs that are made long, to see what takes more than linear time. */
export const LARGE = 65_536

/** Something that must hold does not. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise'
}

/** @throws BrokenPromise unless it holds */
export function promise(holds: boolean, what: string): asserts holds {
  if (!holds) throw new BrokenPromise(what)
}

/** @throws BrokenPromise unless both are written alike as JSON */
export function promiseSame(one: unknown, other: unknown, what: string): void {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)]
  if (a !== b) throw new BrokenPromise(`${what}: ${a?.slice(0, 300)} and ${b?.slice(0, 300)}`)
}

/** The bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}

/** Bytes as text; what is no UTF-8 becomes replacement characters, as where the program reads files of the kernel. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
}
