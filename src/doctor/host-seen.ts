import type { Backend, HostFacts } from '../backend/types.ts'
import { type Check, ok } from './check.ts'

/** What the rules about a host go by. */
export interface HostSeen {
  readonly facts: HostFacts
  readonly struct: Backend['tphStruct']
  /** Whether the kernel's interface answered on a device that was looked at. */
  readonly answered: boolean
  /** Which one that is; TPH_ST unless told. */
  readonly answering?: string
}

/** A rule about a means to reach a device, which does not matter once a device was reached. */
export function meansCheck(check: Check<HostSeen>): Check<HostSeen> {
  return {
    id: check.id,
    judge(seen) {
      const verdict = check.judge(seen)
      if (verdict === null || verdict.state === 'ok' || !seen.answered) return verdict
      return ok(`${verdict.evidence}; not needed here, ${answeringOf(seen)} answers`)
    },
  }
}

/** What answered, in a word. */
export function answeringOf({ answering = 'TPH_ST' }: HostSeen): string {
  return answering
}
