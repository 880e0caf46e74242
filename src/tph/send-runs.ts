import { errnoName } from '../abi/errno.ts'
import { TphctlError } from '../errors.ts'
import { callFailed, explainErrno } from './errno-meaning.ts'
import type { SetCall } from './interfaces/types.ts'
import type { FailedRun, RunInfo } from './results.ts'
import { entriesText } from './runs.ts'
import type { TphDevice } from './tph-device.ts'

/** How far a sequence of SETs got. */
export interface Sent {
  readonly applied: readonly RunInfo[]
  readonly failed: readonly FailedRun[]
  readonly skipped: readonly RunInfo[]
  /** Null when all were applied. */
  readonly error: TphctlError | null
}

/** Makes the calls that program runs until one fails. */
export function sendRuns(device: TphDevice, runs: readonly RunInfo[]): Sent {
  const calls = device.kernel.setCalls(runs)
  for (const [i, call] of calls.entries()) {
    const failure = sendCall(device, call)
    if (failure === null) continue
    return {
      applied: runsOf(calls.slice(0, i)),
      failed: failure.runs,
      skipped: runsOf(calls.slice(i + 1)),
      error: failure.error,
    }
  }
  return { applied: runs, failed: [], skipped: [], error: null }
}

/** Why a call failed, and what of it. */
export interface CallFailure {
  readonly runs: readonly FailedRun[]
  readonly error: TphctlError
}

/** One call; null when it was accepted. What is thrown below the device, such as a mock state that cannot be written, counts as its failure too. */
export function sendCall(device: TphDevice, call: SetCall): CallFailure | null {
  const failed = (errno: string | null, message: string) =>
    call.runs.map((run) => ({ ...run, errno, message }))
  try {
    const errno = device.trySet(call)
    if (errno === 0) return null
    const { meanings } = device.kernel
    return {
      runs: failed(errnoName(errno), explainErrno(errno, meanings)),
      error: callFailed(`set ${call.runs.map(entriesText).join(', ')}`, errno, meanings),
    }
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    return { runs: failed(error.errno ?? null, error.message), error }
  }
}

function runsOf(calls: readonly SetCall[]): RunInfo[] {
  return calls.flatMap(({ runs }) => runs)
}
