import { errnoName } from '../abi/errno.ts'
import { TphctlError } from '../errors.ts'
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
    const failure = sendRun(device, run)
    if (failure === null) continue
    return {
      applied: runs.slice(0, i),
      failed: [failure.run],
      skipped: runs.slice(i + 1),
      error: failure.error,
    }
  }
  return { applied: runs, failed: [], skipped: [], error: null }
}

/** One SET; null when it was accepted. What is thrown below the device, such as a mock state that cannot be written, counts as its failure too. */
export function sendRun(
  device: TphDevice,
  run: RunInfo,
): { readonly run: FailedRun; readonly error: TphctlError } | null {
  try {
    const errno = device.trySet(run)
    if (errno === 0) return null
    return {
      run: { ...run, errno: errnoName(errno), message: explainErrno(errno) },
      error: callFailed(`set ${entriesText(run)}`, errno),
    }
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    return { run: { ...run, errno: error.errno ?? null, message: error.message }, error }
  }
}
