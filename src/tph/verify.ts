import { formatNumberList } from '../args/cpu-list.ts'
import { aboutDevice, DriftError, type TphctlError, UnsupportedError } from '../errors.ts'
import { decodeTphControl } from '../pci/tph-capability.ts'
import { errnoError } from './errno-meaning.ts'
import { currentLedger } from './get-entries.ts'
import { guardDevice } from './guard.ts'
import { type HardwareEntry, readHardwareTable, type Unseen } from './hardware-table.ts'
import { findTphFunction, type Host, type TphFunction, withLockedDevice } from './host.ts'
import { knownEntries, readTags } from './known.ts'
import type { ControlInfo, DifferingEntry, VerifyResult } from './results.ts'
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
    guardDevice(host, found, device, 'look')
    const { mode, requester } = decodeTphControl(device.readControl(tph.offset))
    if (requester === 'off') return inactive(fn.bdf, 'TPH is off')
    if (mode !== 'iv' && mode !== 'ds') return inactive(fn.bdf, `mode ${mode} uses no tags`)
    return device.kernel.keeper === 'kernel'
      ? compare(found, device, requester)
      : compareWithLedger(host, found, device, requester)
  })
}

function compare(
  found: TphFunction,
  device: TphDevice,
  requester: ControlInfo['requester'],
): Verified {
  const { bdf } = found.fn
  const { entries, unseen } = readHardwareTable(found, device, requester)
  if (entries === null) return unknown(bdf, unseen)
  const kernel = readTags(
    device,
    entries.map((_, index) => index),
  )
  const unlike = differing(entries, (index) => kernel[index] ?? 0)
  const differences = unlike.filter(({ writable }) => writable).map(withoutPlace)
  const waiting = unlike.filter(({ writable }) => !writable).map(indexOf)
  const compared = entries.length - waiting.length
  return verdict({ device: bdf, compared, differences, waiting })
}

/** Where the kernel keeps no tags, they are compared with what the table had when tphctl set them. */
function compareWithLedger(
  host: Host,
  found: TphFunction,
  device: TphDevice,
  requester: ControlInfo['requester'],
): Verified {
  const { bdf } = found.fn
  const known = knownEntries(currentLedger(host, found))
  const { entries, unseen } = readHardwareTable(found, device, requester)
  if (entries === null) return unknown(bdf, unseen)
  if (known.length === 0) {
    const reason = `${device.kernel.name} keeps no tags to compare it with, and tphctl set none of them`
    return unknown(bdf, { reason, errno: null }, 'Cannot judge')
  }
  const differences = differing(entries, (index) => known.get(index)?.st ?? null)
  const compared = known.length
  const { value, error } = verdict(
    { device: bdf, compared, differences: differences.map(withoutPlace), waiting: [] },
    'tphctl set there',
  )
  return { value: { ...value, against: 'ledger' }, error }
}

/** The entries whose tag is not the one expected; null expects none. */
function differing(
  entries: readonly HardwareEntry[],
  expected: (index: number) => number | null,
): (DifferingEntry & Pick<HardwareEntry, 'writable'>)[] {
  return entries.flatMap(({ tag, writable }, index) => {
    const st = expected(index)
    return st === null || st === tag ? [] : [{ index, st, hardware: tag, writable }]
  })
}

function withoutPlace({ index, st, hardware }: DifferingEntry): DifferingEntry {
  return { index, st, hardware }
}

type Compared = Pick<VerifyResult, 'device' | 'compared' | 'differences' | 'waiting'>

function verdict(
  { device, compared, differences, waiting }: Compared,
  others = 'the kernel',
): Verified {
  const reason = waiting.length > 0 ? whyWaiting(waiting) : null
  const value = (state: VerifyResult['state']): VerifyResult => {
    return { device, state, reason, compared, differences, waiting }
  }
  if (differences.length === 0) {
    return { value: value(reason === null ? 'same' : 'waiting'), error: null }
  }
  const indexes = formatNumberList(differences.map(indexOf))
  const message = `Cannot confirm entries ${indexes}: the device's own table has other tags than ${others}`
  const hint = 'set them again, or ask what else writes the table'
  return { value: value('different'), error: new DriftError(message, { device, hint }) }
}

function whyWaiting(waiting: readonly number[]): string {
  return `entries ${formatNumberList(waiting)} wait for MSI-X vectors`
}

function inactive(device: string, reason: string): Verified {
  return { value: uncompared(device, 'inactive', reason), error: null }
}

function unknown(device: string, { reason, errno }: Unseen, action = 'Cannot see'): Verified {
  const error = errnoError(`${action} the device's own table: ${reason}`, errno)
  return { value: uncompared(device, 'unknown', reason), error: aboutDevice(device, error) }
}

function uncompared(device: string, state: 'inactive' | 'unknown', reason: string): VerifyResult {
  return { device, state, reason, compared: 0, differences: [], waiting: [] }
}
