import { wordText } from './byte-words.ts'
import type { Entry, MemoryType } from './entry.ts'
import { EntryBudget } from './entry-budget.ts'

/** What an ENTRY of the plain form says. */
interface PlainEntry {
  readonly index: number
  /** Null for `none`. */
  readonly cpu: number | null
  /** Null when not given. */
  readonly memoryType: MemoryType | null
}

/*
 * A plain ENTRY in 32 bits, so that sorting the numbers sorts by index: 12 bits index, 4 bits kind, 16 bits CPU. Every ST table
 * fits; indexes above are no plain ones.
 */
const MAX_PLAIN_INDEX = 0xfff
const MAX_CPU = 0xffff
const [UNTYPED, VM, PM, NONE] = [0, 1, 2, 3]
const NOT_PLAIN = -1

/**
 * ENTRYs in the order they were written. Those of the form `INDEX=CPU` (with `@vm`, `@pm`, or `none` as CPU) take four bytes each,
 * so that there may be millions.
 */
export class EntryList implements Iterable<Entry> {
  #packed = new Uint32Array(16)
  #length = 0
  /** Entries that are not plain, by their place. */
  readonly #others = new Map<number, Entry>()
  readonly #budget: EntryBudget

  /** @param budget where other lists are of the same input, the one of all of them */
  constructor(budget = new EntryBudget()) {
    this.#budget = budget
  }

  get length(): number {
    return this.#length
  }

  /** Adds what a plain word says. @returns false, with nothing added, when the word is not a plain one */
  pushPlain(bytes: Uint8Array, start: number, end: number): boolean {
    const packed = pack(bytes, start, end)
    if (packed === NOT_PLAIN) return false
    this.#push(packed)
    return true
  }

  /** Adds an ENTRY of any form. @throws UsageError when all stand for too many numbers */
  push(entry: Entry): void {
    this.#others.set(this.#length, this.#budget.take(entry))
    this.#push(0)
  }

  *[Symbol.iterator](): Generator<Entry> {
    for (let at = 0; at < this.#length; at++) {
      yield this.#others.get(at) ?? asEntry(unpack(this.#packed[at] ?? 0))
    }
  }

  /** All of them in index order, if all are plain; of one index in any order. Null otherwise. */
  sortedPlain(): PlainEntries | null {
    if (this.#others.size > 0) return null
    return new PlainEntries(this.#packed.slice(0, this.#length).sort())
  }

  #push(packed: number): void {
    if (this.#length === this.#packed.length) {
      const larger = new Uint32Array(2 * this.#length)
      larger.set(this.#packed)
      this.#packed = larger
    }
    this.#packed[this.#length++] = packed
  }
}

/** Plain ENTRYs in index order. */
export class PlainEntries {
  readonly #packed: Uint32Array

  constructor(packed: Uint32Array) {
    this.#packed = packed
  }

  get length(): number {
    return this.#packed.length
  }

  indexAt(at: number): number {
    return indexOf(this.#packed[at] ?? 0)
  }

  /** Null for `none`. */
  cpuAt(at: number): number | null {
    return cpuOf(this.#packed[at] ?? 0)
  }

  /** Null when not given. */
  memoryTypeAt(at: number): MemoryType | null {
    return memoryTypeOf(this.#packed[at] ?? 0)
  }
}

function unpack(packed: number): PlainEntry {
  return { index: indexOf(packed), cpu: cpuOf(packed), memoryType: memoryTypeOf(packed) }
}

function indexOf(packed: number): number {
  return packed >>> 20
}

function cpuOf(packed: number): number | null {
  return kindOf(packed) === NONE ? null : packed & MAX_CPU
}

function memoryTypeOf(packed: number): MemoryType | null {
  const kind = kindOf(packed)
  return kind === VM ? 'vm' : kind === PM ? 'pm' : null
}

function kindOf(packed: number): number {
  return (packed >>> 16) & 0xf
}

/** As `parseEntry` reads the word. */
function asEntry({ index, cpu, memoryType }: PlainEntry): Entry {
  const word = `${index}=${cpu ?? 'none'}${memoryType === null ? '' : `@${memoryType}`}`
  const cpus = cpu === null ? ({ kind: 'none' } as const) : ({ kind: 'list', cpus: [cpu] } as const)
  return { word, indexes: [index], cpus, memoryType }
}

/** Hot. A word is plain only if `asEntry` gives it back letter for letter: no leading zeros, lower case. */
function pack(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  let index = 0
  for (; at < end && isDigit(bytes[at]); at++) index = 10 * index + (bytes[at] ?? 0) - 0x30
  if (!isNumber(bytes, start, at) || index > MAX_PLAIN_INDEX || bytes[at] !== 0x3d) return NOT_PLAIN
  const first = ++at
  let cpu = 0
  for (; at < end && isDigit(bytes[at]); at++) cpu = 10 * cpu + (bytes[at] ?? 0) - 0x30
  if (at === first) return isNone(bytes, at, end) ? join(index, NONE, 0) : NOT_PLAIN
  if (!isNumber(bytes, first, at) || cpu > MAX_CPU) return NOT_PLAIN
  const kind = at === end ? UNTYPED : kindIn(bytes, at, end)
  return kind === NOT_PLAIN ? NOT_PLAIN : join(index, kind, cpu)
}

function join(index: number, kind: number, cpu: number): number {
  return ((index << 20) | (kind << 16) | cpu) >>> 0
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 0x30 && code <= 0x39
}

/** Whether digits are a number as it is written: some, and no leading zero. */
function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 1 || (end > start && bytes[start] !== 0x30)
}

function isNone(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 4 && wordText(bytes, start, end) === 'none'
}

/** The kind that `@vm` or `@pm` makes. */
function kindIn(bytes: Uint8Array, start: number, end: number): number {
  const isType = end - start === 3 && bytes[start] === 0x40 && bytes[start + 2] === 0x6d
  if (!isType) return NOT_PLAIN
  const letter = bytes[start + 1]
  return letter === 0x76 ? VM : letter === 0x70 ? PM : NOT_PLAIN
}
