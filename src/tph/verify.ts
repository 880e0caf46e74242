import { formatNumberList } from '../args/cpu-list.ts'
import { DriftError, RefusedError, type TphctlError, UnsupportedError } from '../errors.ts'
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
  const { entries, reason } = readHardwareTable(found, device, requester)
  if (entries === null) return unknown(bdf, reason)
  const kernel = readTags(
    device,
    entries.map((_, index) => index),
  )
  const unlike = entries.flatMap(({ tag, writable }, index) => {
    const st = kernel[index] ?? 0
    return st === tag ? [] : [{ index, st, hardware: tag, writable }]
  })
  const differences = unlike
    .filter(({ writable }) => writable)
    .map(({ index, st, hardware }) => ({ index, st, hardware }))
  const waiting = unlike.filter(({ writable }) => !writable).map(indexOf)
  const compared = entries.length - waiting.length
  return verdict({ device: bdf, compared, differences, waiting })
}

type Compared = Pick<VerifyResult, 'device' | 'compared' | 'differences' | 'waiting'>

function verdict({ device, compared, differences, waiting }: Compared): Verified {
  const reason = waiting.length > 0 ? whyWaiting(waiting) : null
  const value = (state: VerifyResult['state']): VerifyResult => {
    return { device, state, reason, compared, differences, waiting }
  }
  if (differences.length === 0) {
    return { value: value(reason === null ? 'same' : 'waiting'), error: null }
  }
  const indexes = formatNumberList(differences.map(indexOf))
  const message = `Cannot confirm entries ${indexes}: the device's own table has other tags than the kernel`
  const hint = 'set them again, or ask what else writes the table'
  return { value: value('different'), error: new DriftError(message, { device, hint }) }
}

function whyWaiting(waiting: readonly number[]): string {
  return `entries ${formatNumberList(waiting)} wait for MSI-X vectors`
}

function inactive(device: string, reason: string): Verified {
  return { value: unseen(device, 'inactive', reason), error: null }
}

function unknown(device: string, reason: string): Verified {
  const error = new RefusedError(`Cannot see the device's own table: ${reason}`, { device })
  return { value: unseen(device, 'unknown', reason), error }
}

function unseen(device: string, state: 'inactive' | 'unknown', reason: string): VerifyResult {
  return { device, state, reason, compared: 0, differences: [], waiting: [] }
}
