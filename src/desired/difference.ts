import { RefusedError } from '../errors.ts'
import { decodeTphControl } from '../pci/tph-capability.ts'
import { registerMode } from '../tph/change-mode.ts'
import { isOtherMode } from '../tph/control.ts'
import { currentLedger } from '../tph/get-entries.ts'
import { guardDevice } from '../tph/guard.ts'
import { type Host, type TphFunction, withDevice } from '../tph/host.ts'
import type { TphInterface, Use } from '../tph/interfaces/types.ts'
import { knownEntries, readEntries } from '../tph/known.ts'
import type { ControlInfo, EntryInfo } from '../tph/results.ts'
import { indexOf } from '../tph/runs.ts'
import type { TphDevice } from '../tph/tph-device.ts'
import type { WantedDevice } from './plan.ts'
import type { DeviceDifference, EntryDifference } from './results.ts'

/** How some entries and the control register of a device are. */
export interface PresentDevice {
  readonly entries: readonly EntryInfo[]
  readonly control: ControlInfo
  /** What the device is spoken to through. */
  readonly kernel: TphInterface
}

/**
 * Looks at a device through its owner's fd.
 *
 * @param indexes in ascending order; null for all entries there are
 * @param use what the device must be able to
 * @throws what the guard and the calls throw
 */
export function readPresent(
  host: Host,
  found: TphFunction,
  indexes: readonly number[] | null,
  use: Use = 'look',
): PresentDevice {
  return withDevice(host, found.fn, (device) => {
    const { offset } = guardDevice(host, found, device, use)
    const known = knownEntries(currentLedger(host, found))
    return {
      entries: readEntries(device, indexes ?? allOf(device), known),
      control: decodeTphControl(device.readControl(offset)),
      kernel: device.kernel,
    }
  })
}

function allOf({ entries }: TphDevice): number[] {
  return Array.from({ length: entries }, (_, i) => i)
}

const UNSET = { st: 0, cpu: null, memoryType: null } as const

/** How a device differs from what is wanted of it. */
export interface Compared {
  readonly difference: DeviceDifference
  /** What the device is spoken to through. */
  readonly kernel: TphInterface
}

/**
 * Compares a device with what is wanted of it. An entry whose CPU is not known counts as different.
 *
 * @throws what `readPresent` throws; UnsupportedError for a mode that the kernel's interface has no way to
 */
export function compareDevice(host: Host, wanted: WantedDevice, use?: Use): Compared {
  const { fn, mode } = wanted
  const indexes = wanted.entries.map(indexOf)
  const { entries, control, kernel } = readPresent(host, wanted, indexes, use)
  const byIndex = new Map(entries.map((entry) => [entry.index, entry]))
  const unlike = wanted.entries.flatMap(({ index, cpu, memoryType }): EntryDifference[] => {
    const { st, ...known } = byIndex.get(index) ?? UNSET
    const isSame = cpu === null ? st === 0 : known.cpu === cpu && known.memoryType === memoryType
    if (isSame) return []
    const present = { st, cpu: known.cpu, memoryType: known.memoryType }
    return [{ index, present, desired: { cpu, memoryType } }]
  })
  const isOther = mode !== null && isOtherMode(kernel, wanted, control, registerMode(mode))
  const difference = {
    device: fn.bdf,
    different: unlike.length > 0 || isOther,
    entries: unlike,
    mode: isOther ? { present: control, desired: mode } : null,
  }
  if (use === 'compare') requireOn(difference, kernel, control)
  return { difference, kernel }
}

/** Where nobody but the device keeps tags, its entries can be set while TPH is on. @throws RefusedError when it will not be */
function requireOn(
  { device, entries, mode }: DeviceDifference,
  { keeper }: TphInterface,
  control: ControlInfo,
): void {
  const willBeOn = control.requester !== 'off' || (mode !== null && mode.desired !== 'off')
  if (keeper === 'kernel' || entries.length === 0 || willBeOn) return
  throw new RefusedError(
    "Cannot set ST entries: TPH is off, and this kernel's interface programs them only while it is on",
    { device, hint: 'give the device a mode in the file' },
  )
}
