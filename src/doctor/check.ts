import type { Reading } from '../backend/types.ts'
import { TphctlError } from '../errors.ts'
import type { CheckInfo } from '../tph/doctor-results.ts'

/** What a check came to. */
export type Verdict = Pick<CheckInfo, 'state' | 'evidence' | 'fix'>

/** A precondition: a rule about what was seen. */
export interface Check<Seen> {
  readonly id: string
  /** Null where the rule does not apply. */
  judge(seen: Seen): Verdict | null
}

/** The precondition holds. */
export function ok(evidence: string): Verdict {
  return { state: 'ok', evidence, fix: null }
}

/** It does not. */
export function problem(evidence: string, fix: string | null): Verdict {
  return { state: 'problem', evidence, fix }
}

/** It cannot be told. */
export function unknown(evidence: string, fix: string | null = null): Verdict {
  return { state: 'unknown', evidence, fix }
}

/** Applies rules to what was seen of one subject. */
export function judgeAll<Seen>(
  subject: string,
  checks: readonly Check<Seen>[],
  seen: Seen,
): CheckInfo[] {
  return checks.flatMap(({ id, judge }) => {
    const verdict = judgeSafely(judge, seen)
    return verdict === null ? [] : [{ id, subject, ...verdict }]
  })
}

/** What cannot be read of the host leaves open what it would have told. */
function judgeSafely<Seen>(judge: Check<Seen>['judge'], seen: Seen): Verdict | null {
  try {
    return judge(seen)
  } catch (error) {
    if (error instanceof TphctlError) return unknown(error.message, error.hint)
    throw error
  }
}

/** Whether a file may be there, and could not be read. */
export function isUnread({ errno }: Reading): boolean {
  return errno !== null && errno !== 'ENOENT'
}

/** The evidence of a file that was read, or was not there. @param text what of it matters */
export function said({ path, errno }: Reading, text: string): string {
  return `${path}: ${errno ?? text}`
}
