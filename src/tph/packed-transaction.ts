import { CLEAR_ENTRY } from '../abi/tph-st.ts'
import type { DeviceMemory } from './device-memory.ts'
import type { EntryInfo } from './results.ts'
import { splitRuns } from './runs.ts'
import type { Transaction } from './transaction.ts'

/** Stands for a CPU that is not known. */
const UNKNOWN = CLEAR_ENTRY

/** CPUs and memory types of entries, in their order. */
interface Former {
  readonly cpus: Uint32Array
  readonly isPersistent: Uint8Array
}

/**
 * A transaction that stands, kept in case that a later device fails: a command may be about a million entries, so of each only
 * its tags before and after are kept, and its former CPU where that is known.
 */
export class PackedTransaction {
  readonly #rest: Pick<Transaction, 'plan' | 'name' | 'notices' | 'kernel'>
  readonly #memory: DeviceMemory
  readonly #before: Uint16Array
  readonly #after: Uint16Array
  /** Null where none is known. */
  readonly #former: Former | null

  constructor(
    { plan, name, notices, kernel, memory, before }: Transaction,
    after: readonly number[],
  ) {
    this.#rest = { plan, name, notices, kernel }
    this.#memory = memory
    this.#before = new Uint16Array(before.length)
    this.#after = new Uint16Array(after)
    for (let i = 0; i < before.length; i++) this.#before[i] = before[i]?.st ?? 0
    this.#former = before.some(({ cpu }) => cpu !== null) ? formerOf(before) : null
  }

  /** The tags after it, in the order of its entries. */
  get after(): Uint16Array {
    return this.#after
  }

  /** As it was when it was packed. */
  unpack(): Transaction {
    const wanted = splitRuns(this.#rest.plan.runs)
    const before = wanted.map(({ index }, i) => this.#entry(index, i))
    return { ...this.#rest, memory: this.#memory, wanted, before }
  }

  #entry(index: number, i: number): EntryInfo {
    const st = this.#before[i] ?? 0
    const cpu = this.#former?.cpus[i] ?? UNKNOWN
    if (cpu === UNKNOWN) return { index, st, cpu: null, memoryType: null }
    return { index, st, cpu, memoryType: this.#former?.isPersistent[i] === 1 ? 'pm' : 'vm' }
  }
}

function formerOf(before: readonly EntryInfo[]): Former {
  const cpus = new Uint32Array(before.length)
  const isPersistent = new Uint8Array(before.length)
  for (const [i, { cpu, memoryType }] of before.entries()) {
    cpus[i] = cpu ?? UNKNOWN
    isPersistent[i] = memoryType === 'pm' ? 1 : 0
  }
  return { cpus, isPersistent }
}
