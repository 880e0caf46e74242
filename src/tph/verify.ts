import { formatNumberList } from '../args/cpu-list.ts'
import { DriftError, RefusedError, type TphctlError, UnsupportedError } from '../errors.ts'
import { findMsix } from '../pci/msix.ts'
import { decodeTphControl } from '../pci/tph-capability.ts'
import { guardDevice } from './guard.ts'
import { readHardwareTable } from './hardware-table.ts'
import { findTphFunction, type Host, type TphFunction, withLockedDevice } from './host.ts'
import { readTags } from './known.ts'
import type { ControlInfo, VerifyResult } from './results.ts'
import { indexOf } from './runs.ts'
import type { TphDevice } from './tph-device.ts'

/** What verifying came to; the error is there unless the tables agree or do not matter. */
export interface Verified {
  readonly value: VerifyResult
  readonly error: TphctlError | null
}

/**
 * Compares the tags that the kernel keeps with the device's own table (design: `verify`).
 *
 * @throws UnsupportedError when the device has no table; what the calls throw
 */
export function verifyDevice(host: Host, { fn, tph }: TphFunction): Verified {
  if (tph.stLocation === 'none' || tph.stEntries === 0) {
    throw new UnsupportedError('Cannot verify: the device has no ST table', { device: fn.bdf })
  }
  return withLockedDevice(host, fn, (device) => {
    // Its config space is to be as of now: another tphctl may have set tags while this one waited for the lock.
    const found = findTphFunction(host, fn.bdf)
    guardDevice(host, found, device, ['get'])
    const { mode, requester } = decodeTphControl(device.readControl(tph.offset))
    if (requester === 'off') return inactive(fn.bdf, 'TPH is off')
    if (mode !== 'iv' && mode !== 'ds') return inactive(fn.bdf, `mode ${mode} uses no tags`)
    return compare(found, device, requester)
  })
}

function compare(
  found: TphFunction,
  device: TphDevice,
  requester: ControlInfo['requester'],
): Verified {
  const { bdf } = found.fn
  const { tags, reason } = readHardwareTable(found, device, requester)
  if (tags === null) return unknown(bdf, reason)
  const kernel = readTags(
    device,
    tags.map((_, index) => index),
  )
  const differences = tags.flatMap((hardware, index) => {
    const st = kernel[index] ?? 0
    return st === hardware ? [] : [{ index, st, hardware }]
  })
  const compared = tags.length
  if (differences.length === 0) {
    const value: VerifyResult = { device: bdf, state: 'same', reason: null, compared, differences }
    return { value, error: null }
  }
  const value: VerifyResult = {
    device: bdf,
    state: 'different',
    reason: null,
    compared,
    differences,
  }
  const indexes = formatNumberList(differences.map(indexOf))
  const message = `Cannot confirm entries ${indexes}: the device's own table has other tags than the kernel`
  const hint = isMsixOff(found, device)
    ? WAITING
    : 'set them again, or ask what else writes the table'
  return { value, error: new DriftError(message, { device: bdf, hint }) }
}

const WAITING = 'MSI-X is off: tags reach its table when the owner allocates vectors'

function isMsixOff({ tph }: TphFunction, device: TphDevice): boolean {
  return tph.stLocation === 'msix' && findMsix(device.config())?.enabled === false
}

function inactive(device: string, reason: string): Verified {
  return { value: { device, state: 'inactive', reason, compared: 0, differences: [] }, error: null }
}

function unknown(device: string, reason: string): Verified {
  const error = new RefusedError(`Cannot see the device's own table: ${reason}`, { device })
  return { value: { device, state: 'unknown', reason, compared: 0, differences: [] }, error }
}
