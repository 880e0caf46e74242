import { errnoName } from '../abi/errno.ts'
import type { TphctlError } from '../errors.ts'
import { callFailed, explainErrno } from './errno-meaning.ts'
import type { FailedRun, RunInfo } from './results.ts'
import { entriesText, type TphDevice } from './tph-device.ts'

/** How far a sequence of SETs got. */
export interface Sent {
  readonly applied: readonly RunInfo[]
  readonly failed: readonly FailedRun[]
  readonly skipped: readonly RunInfo[]
  /** Null when all were applied. */
  readonly error: TphctlError | null
}

/** Sends one SET a run until one fails. */
export function sendRuns(device: TphDevice, runs: readonly RunInfo[]): Sent {
  for (const [i, run] of runs.entries()) {
    const errno = device.trySet(run)
    if (errno === 0) continue
    return {
      applied: runs.slice(0, i),
      failed: [{ ...run, errno: errnoName(errno), message: explainErrno(errno) }],
      skipped: runs.slice(i + 1),
      error: callFailed(`set ${entriesText(run)}`, errno),
    }
  }
  return { applied: runs, failed: [], skipped: [], error: null }
}
