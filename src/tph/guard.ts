import { E, errnoName } from '../abi/errno.ts'
import type { FeatureOp } from '../abi/tph-st.ts'
import { TphctlError, UnsupportedError } from '../errors.ts'
import { findTph } from '../pci/tph-capability.ts'
import { explainErrno } from './errno-meaning.ts'
import { type Host, type TphFunction, tableEntries } from './host.ts'
import type { FeatureInfo } from './results.ts'
import type { TphDevice } from './tph-device.ts'

/**
 * Makes sure that the feature index means TPH_ST before anything is sent that could change a device (uapi section 1, "The
 * guard"): the capability through the very same fd, PROBE with the methods to be used, and the shape of GET.
 *
 * @param entries how many entries the kernel's table should have
 * @throws UnsupportedError with the reason
 */
export function guard(device: TphDevice, ops: readonly FeatureOp[], entries: number): void {
  const reason = whyNotTphSt(device, ops, entries)
  if (reason !== null) throw notTphSt(device.featureIndex, reason)
}

/**
 * The guard before work on a device, its fourth part included: where the kernel's type information names other vfio features,
 * a missing TPH_ST is a warning.
 *
 * @throws UnsupportedError with the reason; UsageError for the warning under `--strict`
 */
export function guardDevice(
  host: Host,
  found: TphFunction,
  device: TphDevice,
  ops: readonly FeatureOp[],
): void {
  guard(device, ops, tableEntries(found))
  if (host.backend.tphStruct !== 'missing') return
  host.notices.warn(
    `${found.fn.bdf}: the kernel's type information does not name vfio_device_feature_tph_st: feature ${device.featureIndex} may be another one`,
  )
}

/** The first check of the guard that fails, in words; null when all hold. */
export function whyNotTphSt(
  device: TphDevice,
  ops: readonly FeatureOp[],
  entries: number,
): string | null {
  if (findTph(device.config()).tph === null) {
    return 'the config space behind its fd has no TPH Requester capability'
  }
  for (const op of ops) {
    const errno = device.probe([op])
    if (errno !== 0) return `PROBE ${op.toUpperCase()} says ${explainErrno(errno)}`
  }
  return wrongShape(device, entries)
}

/** Asks for the feature and both methods, one by one. */
export function probeFeature(device: TphDevice): FeatureInfo {
  const get = device.probe(['get']) === 0
  const set = device.probe(['set']) === 0
  return { supported: get && set, get, set, index: device.featureIndex }
}

/** The refusal to go on under an index that is not TPH_ST. */
export function notTphSt(featureIndex: number, reason: string): UnsupportedError {
  const message = `Cannot use TPH_ST as feature ${featureIndex}: ${reason}`
  const hint = 'if this kernel has it under another index, name that with --feature-index'
  return new UnsupportedError(message, { hint })
}

function wrongShape(device: TphDevice, entries: number): string | null {
  const one = getQuietly(device, 0)
  if (typeof one === 'string') return one
  if (one !== 0) return `GET of entry 0 says ${explainErrno(one)}`
  const beyond = getQuietly(device, entries)
  if (typeof beyond === 'string') return beyond
  if (beyond === E.EINVAL) return null
  const said = beyond === 0 ? 'success' : errnoName(beyond)
  return `GET of entry ${entries}, beyond the table, says ${said} and not EINVAL`
}

/** GET of one entry. @returns its errno, or what is wrong with the reply */
function getQuietly(device: TphDevice, index: number): number | string {
  try {
    const reply = device.tryGet({ index, count: 1 })
    return typeof reply === 'number' ? reply : 0
  } catch (error) {
    if (error instanceof TphctlError) return error.message.replace(/^Cannot use TPH_ST: /, '')
    throw error
  }
}
