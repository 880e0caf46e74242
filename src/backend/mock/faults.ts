import { errnoNumber } from '../../abi/errno.ts'
import { quote } from '../../args/quote.ts'
import { UsageError } from '../../errors.ts'

/** The calls that can be made to fail. */
export const FAULT_CALLS = [
  'open',
  'probe',
  'get',
  'set',
  'enable',
  'disable',
  'reset',
  'ioctl',
  'read',
  'write',
] as const

/** A call that can be made to fail; `ioctl` stands for every ioctl that has no name of its own. */
export type FaultCall = (typeof FAULT_CALLS)[number]

/**
 * Failures that `TPHCTL_MOCK_FAULTS` asks for: `CALL[:N]=ERRNO`, separated by commas. N counts the calls of that name in one
 * process from 1, which is what it is unless given; `*` is every one.
 */
export class Faults {
  readonly #rules: readonly FaultRule[]
  readonly #seen = new Map<FaultCall, number>()

  /** @throws UsageError naming the word that does not parse */
  constructor(text: string) {
    this.#rules = text === '' ? [] : text.split(',').map(parseRule)
  }

  /** Counts one call. @returns the errno it fails with, or 0 */
  next(call: FaultCall): number {
    const occurrence = (this.#seen.get(call) ?? 0) + 1
    this.#seen.set(call, occurrence)
    const rule = this.#rules.find(
      (one) => one.call === call && (one.occurrence === null || one.occurrence === occurrence),
    )
    return rule?.errno ?? 0
  }
}

interface FaultRule {
  readonly call: FaultCall
  /** Null for every occurrence. */
  readonly occurrence: number | null
  readonly errno: number
}

function parseRule(word: string): FaultRule {
  const match = /^([a-z]+)(?::([1-9]\d{0,8}|\*))?=(E[A-Z0-9]+)$/.exec(word)
  const call = FAULT_CALLS.find((name) => name === match?.[1])
  const errno = errnoNumber(match?.[3] ?? '')
  if (match === null || call === undefined || errno === null) {
    const right = `CALL[:N]=ERRNO with CALL one of ${FAULT_CALLS.join(', ')}, as in set:2=EIO`
    throw new UsageError(`Cannot parse TPHCTL_MOCK_FAULTS ${quote(word)}: expected ${right}`)
  }
  const occurrence = match[2] === '*' ? null : Number(match[2] ?? 1)
  return { call, occurrence, errno }
}
