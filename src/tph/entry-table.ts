import { CLEAR_ENTRY } from '../abi/tph-st.ts'
import type { MemoryType } from '../args/entry.ts'
import { CpuColumn } from './cpu-column.ts'
import type { EntryInfo } from './results.ts'

/**
 * Entries in index order, no index twice, held at seven bytes each and without CPUs at four: a command holds all entries of all its
 * devices, as it found them, until the last device is done.
 */
export class EntryTable implements Iterable<EntryInfo> {
  static readonly EMPTY = new EntryTable(new Uint16Array(), new Uint16Array())

  readonly indexes: Uint16Array
  readonly tags: Uint16Array
  /** Null where no CPU is known. */
  readonly former: FormerCpus | null

  constructor(indexes: Uint16Array, tags: Uint16Array, former: FormerCpus | null = null) {
    this.indexes = indexes
    this.tags = tags
    this.former = former
  }

  /** @param entries in any order */
  static of(entries: readonly EntryInfo[]): EntryTable {
    const sorted = entries.toSorted((a, b) => a.index - b.index)
    const table = new EntryTableBuilder(sorted.length)
    for (const { index, st, cpu, memoryType } of sorted) table.add(index, st, cpu, memoryType)
    return table.finish()
  }

  get length(): number {
    return this.indexes.length
  }

  *[Symbol.iterator](): Generator<EntryInfo> {
    for (let i = 0; i < this.length; i++) yield this.at(i)
  }

  /** The i-th entry. */
  at(i: number): EntryInfo {
    return {
      index: this.indexes[i] ?? 0,
      st: this.tags[i] ?? 0,
      cpu: this.cpuAt(i),
      memoryType: this.memoryTypeAt(i),
    }
  }

  /** The CPU behind the i-th entry's tag; null when it is not known. */
  cpuAt(i: number): number | null {
    return this.former?.cpus.at(i) ?? null
  }

  /** Null where the CPU is not known. */
  memoryTypeAt(i: number): MemoryType | null {
    if (this.cpuAt(i) === null) return null
    return this.former?.isPersistent?.[i] === 1 ? 'pm' : 'vm'
  }

  /** The entry with that index; undefined when there is none. */
  get(index: number): EntryInfo | undefined {
    const place = this.find(index)
    return place < 0 ? undefined : this.at(place)
  }

  /** The place of the entry with that index; -1 when there is none. */
  find(index: number): number {
    let [low, high] = [0, this.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = this.indexes[middle] ?? 0
      if (found === index) return middle
      if (found < index) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}

/** The CPUs behind tags and their memory types, in the order of the entries. */
export interface FormerCpus {
  readonly cpus: CpuColumn
  /** 1 where the memory type is `pm`; null where none is. */
  readonly isPersistent: Uint8Array | null
}

/** Collects entries for a table. */
export class EntryTableBuilder {
  readonly #indexes: Uint16Array
  readonly #tags: Uint16Array
  readonly #cpus: Uint32Array
  readonly #isPersistent: Uint8Array
  #length = 0
  #isKnown = false
  #hasPersistent = false

  /** @param most entries that will be added */
  constructor(most: number) {
    this.#indexes = new Uint16Array(most)
    this.#tags = new Uint16Array(most)
    this.#cpus = new Uint32Array(most)
    this.#isPersistent = new Uint8Array(most)
  }

  /** Adds an entry behind all those before it. @param cpu null when it is not known; the memory type is then not either */
  add(index: number, st: number, cpu: number | null, memoryType: MemoryType | null): void {
    const at = this.#length++
    this.#indexes[at] = index
    this.#tags[at] = st
    this.#cpus[at] = cpu ?? CLEAR_ENTRY
    this.#isPersistent[at] = memoryType === 'pm' ? 1 : 0
    this.#isKnown ||= cpu !== null
    this.#hasPersistent ||= memoryType === 'pm'
  }

  finish(): EntryTable {
    const end = this.#length
    const former = this.#isKnown
      ? {
          cpus: new CpuColumn(this.#cpus.subarray(0, end)),
          isPersistent: this.#hasPersistent ? this.#isPersistent.slice(0, end) : null,
        }
      : null
    return new EntryTable(this.#indexes.slice(0, end), this.#tags.slice(0, end), former)
  }
}
