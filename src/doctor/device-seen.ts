import type { HostFacts, Owner, PciFunction } from '../backend/types.ts'
import { BusyError, TphctlError } from '../errors.ts'
import { findTph, type TphCapability } from '../pci/tph-capability.ts'
import { EntryTable } from '../tph/entry-table.ts'
import { NOT_THERE } from '../tph/errno-meaning.ts'
import { currentLedger } from '../tph/get-entries.ts'
import { examine } from '../tph/guard.ts'
import { type Host, lookUpTph, type TphFunction, withDevice } from '../tph/host.ts'
import type { Refusal, TphInterface } from '../tph/interfaces/types.ts'
import { knownEntries, readTags } from '../tph/known.ts'
import { howOf } from '../tph/probe.ts'
import type { TphReason } from '../tph/results.ts'
import type { TphDevice } from '../tph/tph-device.ts'

/** What the borrowed device answered. */
export interface Answer {
  /** The interface that the kernel has, or that the refusal is about. */
  readonly kernel: TphInterface
  /** By what it was recognised. */
  readonly how: string
  /** Why the kernel is not taken to have it; null when it is. */
  readonly refusal: Refusal | null
  /** The tag of each entry; none where GET is not to be trusted. */
  readonly tags: readonly number[]
  /** Which CPUs entries were set to. */
  readonly known: EntryTable
}

/** What the rules about a device go by. */
export interface DeviceSeen {
  readonly host: Host
  readonly fn: PciFunction
  /** Null for an emulated host. */
  readonly facts: HostFacts | null
  readonly tph: TphCapability | null
  /** Why no capability is known. */
  readonly tphReason: TphReason | null
  /** The process to borrow from, or why there is none. */
  readonly owner: Owner | TphctlError
  /** Whether the owner's fd was borrowed, or why it was not; null where that was not tried. */
  readonly borrowed: true | TphctlError | null
  /** What the borrowed device said, or why it said nothing; null where it was not asked. */
  readonly answer: Answer | TphctlError | null
}

/** Whether TPH_ST is there for a device that was looked at. */
export function isAnswered({ answer }: DeviceSeen): boolean {
  return answer !== null && !(answer instanceof TphctlError) && answer.refusal === null
}

/** Looks at a device: borrows it where there is an owner, opens nothing, changes nothing. */
export function lookAtDevice(host: Host, fn: PciFunction, facts: HostFacts | null): DeviceSeen {
  const { tph, reason } = lookUpTph(fn)
  const owner = findOwner(host, fn)
  const seen = { host, fn, facts, owner, tph, tphReason: reason, borrowed: null, answer: null }
  if (owner instanceof TphctlError || reason === 'absent' || facts?.isCopy) return seen
  return { ...seen, ...ask(host, fn, seen) }
}

function findOwner({ backend }: Host, { bdf }: PciFunction): Owner | TphctlError {
  try {
    const owner = backend.requireOwner(bdf)
    // This process would have to open it first (--ephemeral), and looking must not reset a device.
    return owner.fd < 0 ? new BusyError('Cannot find the owner: nobody holds it open') : owner
  } catch (error) {
    return asError(error)
  }
}

type Asked = Pick<DeviceSeen, 'borrowed' | 'answer' | 'tph' | 'tphReason'>

function ask(host: Host, fn: PciFunction, seen: Pick<DeviceSeen, 'tph' | 'tphReason'>): Asked {
  try {
    return withDevice(host, fn, (device) => ({
      borrowed: true,
      ...question(host, fn, device, seen),
    }))
  } catch (error) {
    return { ...seen, borrowed: asError(error), answer: null }
  }
}

function question(
  host: Host,
  fn: PciFunction,
  device: TphDevice,
  seen: Pick<DeviceSeen, 'tph' | 'tphReason'>,
): Omit<Asked, 'borrowed'> {
  try {
    // The owner's fd shows all of config space, which sysfs may not.
    const tph = seen.tph ?? findTph(device.config()).tph
    const tphReason = tph === null ? seen.tphReason : null
    return { tph, tphReason, answer: tph === null ? null : answerOf(host, { fn, tph }, device) }
  } catch (error) {
    return { ...seen, answer: asError(error) }
  }
}

/** @throws TphctlError where a call fails for another reason than that the feature is not there */
function answerOf(host: Host, found: TphFunction, device: TphDevice): Answer {
  const examined = examine(host, found, device, 'all')
  const { refusal, kernel } = examined
  const asked = { kernel, how: howOf(examined), refusal }
  if (refusal === null) {
    const known = knownEntries(currentLedger(host, found))
    return { ...asked, tags: tagsOf(device), known }
  }
  if (refusal.errno !== null && !NOT_THERE.has(refusal.errno)) throw kernel.refused(refusal)
  return { ...asked, tags: [], known: EntryTable.EMPTY }
}

function tagsOf(device: TphDevice): number[] {
  return readTags(
    device,
    Array.from({ length: device.entries }, (_, index) => index),
  )
}

/** @throws what is a bug */
function asError(error: unknown): TphctlError {
  if (error instanceof TphctlError) return error
  throw error
}
