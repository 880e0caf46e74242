import { UsageError } from '../errors.ts'
import type { Entry } from './entry.ts'
import { quote } from './quote.ts'

/** Eight full MSI-X tables with a CPU list of 512 at each entry; as arrays some 130 MB. */
const MOST_NUMBERS = 2 ** 24

/** Counts the indexes and CPUs that the ENTRYs of one input stand for: nine letters, `0-65535=0`, stand for tens of thousands. */
export class EntryBudget {
  #left = MOST_NUMBERS

  /** Takes an ENTRY into account. @returns it @throws UsageError when all together stand for too many numbers */
  take(entry: Entry): Entry {
    const { indexes, cpus } = entry
    this.#left -= indexes.length + (cpus.kind === 'list' ? cpus.cpus.length : 0)
    if (this.#left >= 0) return entry
    throw new UsageError(
      `Cannot use ENTRY ${quote(entry.word)}: with those before it, it stands for more than ${MOST_NUMBERS} numbers`,
    )
  }
}
