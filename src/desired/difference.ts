import type { FeatureOp } from '../abi/tph-st.ts'
import { decodeTphControl } from '../pci/tph-capability.ts'
import { registerMode } from '../tph/change-mode.ts'
import { writesFor } from '../tph/control.ts'
import { currentLedger } from '../tph/get-entries.ts'
import { guardDevice } from '../tph/guard.ts'
import { type Host, type TphFunction, withDevice } from '../tph/host.ts'
import { knownEntries, readEntries } from '../tph/known.ts'
import type { ControlInfo, EntryInfo } from '../tph/results.ts'
import { indexOf } from '../tph/runs.ts'
import type { WantedDevice } from './plan.ts'
import type { DeviceDifference, EntryDifference } from './results.ts'

/** How some entries and the control register of a device are. */
export interface PresentDevice {
  readonly entries: readonly EntryInfo[]
  readonly control: ControlInfo
}

/**
 * Looks at a device through its owner's fd.
 *
 * @param indexes in ascending order
 * @param ops what the kernel must have
 * @throws what the guard and the calls throw
 */
export function readPresent(
  host: Host,
  found: TphFunction,
  indexes: readonly number[],
  ops: readonly FeatureOp[] = ['get'],
): PresentDevice {
  return withDevice(host, found.fn, (device) => {
    const { offset } = guardDevice(host, found, device, ops)
    const known = knownEntries(currentLedger(host, found))
    return {
      entries: readEntries(device, indexes, known),
      control: decodeTphControl(device.readControl(offset)),
    }
  })
}

const UNSET = { st: 0, cpu: null, memoryType: null } as const

/** Compares a device with what is wanted of it. An entry whose CPU is not known counts as different. */
export function compareDevice(
  host: Host,
  wanted: WantedDevice,
  ops?: readonly FeatureOp[],
): DeviceDifference {
  const { fn, mode } = wanted
  const { entries, control } = readPresent(host, wanted, wanted.entries.map(indexOf), ops)
  const byIndex = new Map(entries.map((entry) => [entry.index, entry]))
  const unlike = wanted.entries.flatMap(({ index, cpu, memoryType }): EntryDifference[] => {
    const { st, ...known } = byIndex.get(index) ?? UNSET
    const isSame = cpu === null ? st === 0 : known.cpu === cpu && known.memoryType === memoryType
    if (isSame) return []
    const present = { st, cpu: known.cpu, memoryType: known.memoryType }
    return [{ index, present, desired: { cpu, memoryType } }]
  })
  const isOtherMode = mode !== null && writesFor(wanted, control, registerMode(mode)).length > 0
  return {
    device: fn.bdf,
    different: unlike.length > 0 || isOtherMode,
    entries: unlike,
    mode: isOtherMode ? { present: control, desired: mode } : null,
  }
}
