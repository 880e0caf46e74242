import type { HostFacts, Owner, PciFunction } from '../backend/types.ts'
import { BusyError, TphctlError } from '../errors.ts'
import { findTph, type TphCapability } from '../pci/tph-capability.ts'
import { currentLedger } from '../tph/get-entries.ts'
import { examine, NOT_THERE, notTphSt, type Refusal } from '../tph/guard.ts'
import { type Host, lookUpTph, tableEntries, withDevice } from '../tph/host.ts'
import { type KnownEntries, knownEntries, readTags } from '../tph/known.ts'
import type { TphReason } from '../tph/results.ts'
import type { TphDevice } from '../tph/tph-device.ts'

/** What the borrowed device answered. */
export interface Answer {
  /** Why the feature is not taken for TPH_ST; null when it is. */
  readonly refusal: Refusal | null
  /** The tag of each entry; none where GET is not to be trusted. */
  readonly tags: readonly number[]
  /** Which CPUs entries were set to. */
  readonly known: KnownEntries
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
  /** What the device said, or why it could not be asked; null where there is nobody to ask. */
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
  const seen = { host, fn, facts, owner, tph, tphReason: reason }
  if (owner instanceof TphctlError) return { ...seen, answer: null }
  const asked = reason === 'absent' || facts?.isCopy ? null : ask(host, fn, tph)
  if (asked === null || asked instanceof TphctlError) return { ...seen, answer: asked }
  // The owner's fd shows all of config space, which sysfs may not.
  return { ...seen, tph: asked.tph, tphReason: asked.tph === null ? reason : null, answer: asked }
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

function ask(
  host: Host,
  fn: PciFunction,
  shown: TphCapability | null,
): (Answer & { readonly tph: TphCapability | null }) | TphctlError {
  try {
    return withDevice(host, fn, (device) => {
      const tph = shown ?? findTph(device.config()).tph
      const entries = tph === null ? 0 : tableEntries({ fn, tph })
      const { refusal } = examine(device, ['get', 'set'], entries)
      const errno = refusal?.errno ?? null
      // Any other errno does not say that the feature is not there.
      if (errno !== null && !NOT_THERE.has(errno)) throw notTphSt(host.featureIndex, refusal)
      if (refusal !== null || tph === null) return { tph, refusal, tags: [], known: new Map() }
      const known = knownEntries(currentLedger(host, { fn, tph }))
      return { tph, refusal, tags: tagsOf(device, entries), known }
    })
  } catch (error) {
    return asError(error)
  }
}

function tagsOf(device: TphDevice, entries: number): number[] {
  return readTags(
    device,
    Array.from({ length: entries }, (_, index) => index),
  )
}

/** @throws what is a bug */
function asError(error: unknown): TphctlError {
  if (error instanceof TphctlError) return error
  throw error
}
