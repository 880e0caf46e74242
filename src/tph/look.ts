import type { Bdf } from '../args/bdf.ts'
import type { Owner, PciFunction } from '../backend/types.ts'
import { TphctlError } from '../errors.ts'
import { decodeTphControl, findTph, type TphCapability } from '../pci/tph-capability.ts'
import type { Topology } from '../topology/topology.ts'
import { controlInfo } from './describe.ts'
import { currentLedger } from './get-entries.ts'
import { guardDevice } from './guard.ts'
import { type Host, lookUpTph, noTph, withDevice } from './host.ts'
import { knownEntries, readEntries } from './known.ts'
import type { ControlInfo, EntryInfo } from './results.ts'
import type { TphDevice } from './tph-device.ts'

/** All that is known of a device at one time, its owner's fd borrowed where that can be had. */
export interface Look {
  readonly fn: PciFunction
  readonly topology: Topology
  /** Who was borrowed from, or who has it open as far as that can be seen; null for nobody. */
  readonly owner: Owner | null
  /** Null when it cannot be seen. */
  readonly tph: TphCapability | null
  readonly control: ControlInfo | null
  /** Entries of the kernel's table in index order; null when they cannot be seen. */
  readonly entries: readonly EntryInfo[] | null
  /** Why `entries` is null. */
  readonly reason: string | null
}

interface Seen {
  owner: Owner | null
  tph: TphCapability | null
  control: ControlInfo | null
  entries: EntryInfo[] | null
  reason: string | null
}

/**
 * Looks at a device. What cannot be seen is null, with the reason (design: "Owning and borrowing").
 *
 * @throws UnsupportedError when it has no TPH Requester capability
 */
export function lookAt(host: Host, fn: PciFunction): Look {
  const { tph, reason } = lookUpTph(fn)
  if (reason === 'absent') throw noTph(fn.bdf, reason)
  const control = tph === null ? null : controlInfo(fn, tph)
  const seen: Seen = { owner: fn.owner, tph, control, entries: null, reason: null }
  try {
    if (reason === 'not-in-dump') throw noTph(fn.bdf, reason)
    withDevice(host, fn, (device) => lookThrough(host, fn, device, seen))
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    seen.reason = whyOf(error)
  }
  return { fn, topology: host.backend.topology, ...seen }
}

/** The reason in an error, without what could not be done. */
export function whyOf({ message }: TphctlError): string {
  return message.replace(/^Cannot [^:]*: /, '')
}

/** Fills in what the owner's fd shows, as far as that goes. */
function lookThrough(host: Host, fn: PciFunction, device: TphDevice, seen: Seen): void {
  seen.owner = host.backend.requireOwner(fn.bdf)
  seen.tph ??= visibleTph(fn.bdf, device)
  const found = { fn, tph: seen.tph }
  seen.control = decodeTphControl(device.readControl(found.tph.offset))
  guardDevice(host, found, device, 'look')
  const indexes = Array.from({ length: device.entries }, (_, i) => i)
  seen.entries = readEntries(device, indexes, knownEntries(currentLedger(host, found)))
}

function visibleTph(bdf: Bdf, device: TphDevice): TphCapability {
  const { tph } = findTph(device.config())
  if (tph === null) throw noTph(bdf, 'absent')
  return tph
}
