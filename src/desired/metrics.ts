import { TphctlError } from '../errors.ts'
import type { Host, TphFunction } from '../tph/host.ts'
import type { EntryInfo } from '../tph/results.ts'
import { verifyDevice } from '../tph/verify.ts'
import { type PresentDevice, readPresent } from './difference.ts'
import type { DeviceMetrics } from './results.ts'

/** What metrics tell of a device. What cannot be found out is null, with a note. */
export function measureDevice(host: Host, found: TphFunction): DeviceMetrics {
  const { bdf: device, vendorId, deviceId, owner, ownerVisible } = found.fn
  const { stEntries } = found.tph
  const ownerPresent = owner !== null ? true : ownerVisible ? false : null
  const about = { device, vendorId, deviceId, ownerPresent, stEntries }
  const nothing = { control: null, entries: null, drift: null }
  if (ownerPresent === false) return { ...about, scraped: true, ...nothing }
  const present = attempt(host, device, () => readPresent(host, found, null))
  if (present === null) return { ...about, scraped: false, ...nothing }
  const { control, entries } = present
  const drift = driftOf(host, found)
  return { ...about, scraped: true, control, entries: countEntries(entries), drift }
}

function countEntries(entries: PresentDevice['entries']): NonNullable<DeviceMetrics['entries']> {
  const isSet = ({ st }: EntryInfo) => st !== 0
  const set = entries.filter(isSet)
  const known = set.filter(({ cpu }) => cpu !== null).length
  return {
    known,
    unknown: set.length - known,
    clear: entries.length - set.length,
    distinctTags: new Set(set.map(({ st }) => st)).size,
  }
}

/** Null where it is not known, or TPH is off so that the device's own table does not matter. */
function driftOf(host: Host, found: TphFunction): DeviceMetrics['drift'] {
  const { stLocation, stEntries } = found.tph
  if (stLocation === 'none' || stEntries === 0) return null
  const { bdf } = found.fn
  const value = attempt(host, bdf, () => verifyDevice(host, found).value)
  if (value?.state === 'unknown')
    host.notices.note(`${bdf}: its metrics are not complete: Cannot verify: ${value.reason}`)
  if (value === null || value.state === 'unknown' || value.state === 'inactive') return null
  return { different: value.differences.length, waiting: value.waiting.length }
}

function attempt<T>(host: Host, device: string, work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    host.notices.note(`${device}: its metrics are not complete: ${error.message}`)
    return null
  }
}
