import { RefusedError, TphctlError } from '../errors.ts'
import type { Assignment } from '../topology/assignments.ts'
import { findMismatch, tagWarnings } from './check-tags.ts'
import { readTags } from './known.ts'
import { indexesOf } from './packed-runs.ts'
import type { FailedRun, RunInfo } from './results.ts'
import type { TphDevice } from './tph-device.ts'
import type { TphFunction } from './tph-function.ts'

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

/** Reads entries back and compares them with the runs, in index order, that set them. @param strict makes an error of a warning */
export function judge(
  device: TphDevice,
  { tph }: TphFunction,
  runs: readonly RunInfo[],
  strict: boolean,
): Verdict {
  try {
    const tags = readTags(device, indexesOf(runs))
    const wrong = findMismatch(runs, tags, tph.extended)
    if (wrong !== null) return { tags, ...differs(runs, wrong.entry, wrong.message) }
    return { tags, failed: [], ...weigh(tagWarnings(runs, tags), strict) }
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
