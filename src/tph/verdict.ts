import { RefusedError, TphctlError } from '../errors.ts'
import type { Assignment } from '../topology/assign.ts'
import { findMismatch, tagWarnings } from './check-tags.ts'
import { readTags } from './known.ts'
import type { FailedRun, RunInfo } from './results.ts'
import { indexOf } from './runs.ts'
import type { TphDevice } from './tph-device.ts'
import type { Transaction } from './transaction.ts'

/** What GET says after all SETs were accepted. */
export interface Verdict {
  /** Tags of the transaction's entries; null when they could not be read. */
  readonly tags: readonly number[] | null
  /** Runs with an entry that does not read back as it should. */
  readonly failed: readonly FailedRun[]
  readonly warnings: readonly string[]
  /** Null when the change stands. */
  readonly error: TphctlError | null
}

/** Reads the entries of a transaction back and compares them. @param strict makes an error of a warning */
export function judge(device: TphDevice, transaction: Transaction, strict: boolean): Verdict {
  const { plan, wanted } = transaction
  try {
    const tags = readTags(device, wanted.map(indexOf))
    const wrong = findMismatch(wanted, tags, plan.tph.extended)
    if (wrong !== null) return { tags, ...differs(plan.runs, wrong.entry, wrong.message) }
    return { tags, failed: [], ...weigh(tagWarnings(wanted, tags), strict) }
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    return { tags: null, failed: [], warnings: [], error }
  }
}

function differs(
  runs: readonly RunInfo[],
  { index, memoryType }: Assignment,
  message: string,
): Omit<Verdict, 'tags'> {
  const failed = runs
    .filter((run) => run.memoryType === memoryType)
    .filter((run) => run.index <= index && index < run.index + run.count)
    .map((run) => ({ ...run, errno: null, message }))
  const error = new RefusedError(`Cannot confirm entry ${index}: it ${message}`)
  return { failed, warnings: [], error }
}

function weigh(warnings: readonly string[], strict: boolean): Pick<Verdict, 'warnings' | 'error'> {
  const [first] = warnings
  if (!strict || first === undefined) return { warnings, error: null }
  const error = new RefusedError(`Cannot accept the tags under --strict: ${first}`)
  return { warnings: warnings.slice(1), error }
}
