import { type TphctlError, UnsupportedError } from '../../errors.ts'
import { ConfigSpace } from '../../pci/config-space.ts'
import { decodeTphControl } from '../../pci/tph-capability.ts'
import { errnoError } from '../errno-meaning.ts'
import { readMsixTable, tagMask, type Unseen } from '../hardware-table.ts'
import type { TphFunction } from '../tph-function.ts'
import type { OpenDevice } from './types.ts'

const ENTRY_SIZE = 2

/**
 * Tags of entries in the device's own table, as the fd shows it: for interfaces under which nobody else keeps them.
 *
 * @param indexes in ascending order
 * @throws UnsupportedError without a table; RefusedError when it cannot be read
 */
export function readDeviceTags(
  device: OpenDevice,
  found: TphFunction,
  indexes: ArrayLike<number>,
): number[] {
  const { tph } = found
  const [first, last] = [indexes[0], indexes[indexes.length - 1]]
  if (first === undefined || last === undefined) return []
  if (tph.stLocation !== 'capability' && tph.stLocation !== 'msix') throw noEntries(device)
  const { requester } = decodeTphControl(device.readControl(tph.offset))
  const mask = tagMask(tph, requester)
  const read = tph.stLocation === 'capability' ? fromCapability : fromMsix
  const tagAt = read(device, found, first, last - first + 1)
  return Array.from(indexes, (index) => tagAt(index) & mask)
}

/** The error for a device of which there are no entries, as it has no table. */
export function noEntries({ bdf }: Pick<OpenDevice, 'bdf'>): UnsupportedError {
  return new UnsupportedError(
    'Cannot use ST entries: the device has no ST table, and this kernel interface keeps none for it',
    { hint: `"tphctl tag ${bdf} CPUS" shows the tags of CPUs` },
  )
}

type TagAt = (index: number) => number

function fromCapability(
  device: OpenDevice,
  { tph }: TphFunction,
  first: number,
  count: number,
): TagAt {
  const start = (tph.stTableOffset ?? 0) + ENTRY_SIZE * first
  const table = new ConfigSpace(device.readConfig(start, ENTRY_SIZE * count))
  if (table.length < ENTRY_SIZE * count)
    throw unreadable({ reason: 'config space is not readable up to there', errno: null })
  return (index) => table.u16(ENTRY_SIZE * (index - first))
}

function fromMsix(device: OpenDevice, found: TphFunction): TagAt {
  const { entries, unseen } = readMsixTable(found, device)
  if (entries === null) throw unreadable(unseen)
  return (index) => entries[index]?.tag ?? 0
}

function unreadable({ reason, errno }: Unseen): TphctlError {
  return errnoError(
    `Cannot read the device's own ST table, where alone the tags are: ${reason}`,
    errno,
  )
}
