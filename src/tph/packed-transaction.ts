import { CLEAR_ENTRY } from '../abi/tph-st.ts'
import type { DeviceMemory } from './device-memory.ts'
import type { EntryInfo } from './results.ts'
import { splitRuns } from './runs.ts'
import type { Transaction } from './transaction.ts'

/** Stands for a CPU that is not known. */
const UNKNOWN = CLEAR_ENTRY

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
  readonly #former: { readonly cpus: Uint32Array; readonly isPersistent: Uint8Array } | null

  constructor(
    { plan, name, notices, kernel, memory, before }: Transaction,
    after: readonly number[],
  ) {
    this.#rest = { plan, name, notices, kernel }
    this.#memory = memory
    this.#before = Uint16Array.from(before, ({ st }) => st)
    this.#after = Uint16Array.from(after)
    const isUnknown = before.every(({ cpu }) => cpu === null)
    this.#former = isUnknown
      ? null
      : {
          cpus: Uint32Array.from(before, ({ cpu }) => cpu ?? UNKNOWN),
          isPersistent: Uint8Array.from(before, ({ memoryType }) => (memoryType === 'pm' ? 1 : 0)),
        }
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
