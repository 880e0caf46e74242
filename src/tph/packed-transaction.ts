import type { Notices } from '../notices.ts'
import type { ChangeName, DeviceMemory } from './device-memory.ts'
import { EntryTable, type FormerCpus } from './entry-table.ts'
import type { TphInterface } from './interfaces/types.ts'
import { indexesOf } from './packed-runs.ts'
import { inOrder, splitRuns } from './runs.ts'
import type { DevicePlan, Transaction } from './transaction.ts'

/**
 * One command's change of one device, as it is held while all goes well, and on until the last device is done: without an object
 * for each entry, of which a command may have a million.
 */
export class PackedTransaction {
  readonly plan: DevicePlan
  readonly name: ChangeName
  readonly memory: DeviceMemory
  readonly notices: Notices
  /** What the device is spoken to through. */
  readonly kernel: TphInterface
  /** Null where none had one, as before most devices' first set. */
  readonly #tags: Uint16Array | null
  readonly #former: FormerCpus | null

  /** @param before the entries that the plan is about, as they were */
  constructor(
    { plan, name, memory, notices, kernel }: Omit<Transaction, 'wanted' | 'before'>,
    { tags, former }: EntryTable,
  ) {
    this.plan = plan
    this.name = name
    this.memory = memory
    this.notices = notices
    this.kernel = kernel
    this.#tags = tags.some((tag) => tag !== 0) ? tags : null
    this.#former = former
  }

  /** The entries that are to change as they were; made anew each time that it is asked for. */
  get before(): EntryTable {
    const indexes = indexesOf(inOrder(this.plan.runs))
    return new EntryTable(indexes, this.#tags ?? new Uint16Array(indexes.length), this.#former)
  }

  /** The same entry by entry, for when something fails. */
  unpack(): Transaction {
    const { plan, name, memory, notices, kernel } = this
    const [wanted, before] = [splitRuns(inOrder(plan.runs)), [...this.before]]
    return { plan, name, memory, wanted, before, notices, kernel }
  }
}
