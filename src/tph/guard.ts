import { E, errnoName } from '../abi/errno.ts'
import type { FeatureOp } from '../abi/tph-st.ts'
import { UnsupportedError } from '../errors.ts'
import { findTph, type TphCapability } from '../pci/tph-capability.ts'
import { explainErrno } from './errno-meaning.ts'
import { type Host, type TphFunction, tableEntries } from './host.ts'
import type { TphDevice } from './tph-device.ts'

/** Why a feature index is not taken for TPH_ST. */
export interface Refusal {
  readonly reason: string
  /** The errno behind it, positive; null when no call failed. */
  readonly errno: number | null
}

/** What the guard found out. */
export interface Examined {
  /** Which of the methods PROBE confirmed. */
  readonly ops: ReadonlySet<FeatureOp>
  /** The capability as the fd shows it; null when it shows none. */
  readonly tph: TphCapability | null
  /** The first check that failed; null when all hold. */
  readonly refusal: Refusal | null
}

/**
 * Checks that the feature index means TPH_ST, before anything is sent that could change a device (uapi section 1, "The guard"):
 * the capability through the very same fd, PROBE with each method to be used, and the shape of GET.
 *
 * @param entries how many entries the kernel's table should have; without any GET has no shape to check
 */
export function examine(device: TphDevice, ops: readonly FeatureOp[], entries: number): Examined {
  const { tph } = findTph(device.config())
  if (tph === null) {
    const reason = 'the config space behind its fd has no TPH Requester capability'
    return { ops: new Set(), tph, refusal: { reason, errno: null } }
  }
  const probed = ops.map((op) => ({ op, errno: device.probe([op]) }))
  const confirmed = probed.filter(({ errno }) => errno === 0).map(({ op }) => op)
  const refused = probed.find(({ errno }) => errno !== 0)
  const refusal =
    refused === undefined
      ? wrongShape(device, entries)
      : said(`PROBE ${refused.op.toUpperCase()}`, refused.errno)
  return { ops: new Set(confirmed), tph, refusal }
}

/**
 * The guard before work on a device, its fourth part included: where the kernel's type information names other vfio features,
 * a missing TPH_ST is a warning.
 *
 * @returns the capability as the fd shows it
 * @throws UnsupportedError with the reason; UsageError for the warning under `--strict`
 */
export function guardDevice(
  host: Host,
  found: TphFunction,
  device: TphDevice,
  ops: readonly FeatureOp[],
): TphCapability {
  const { tph, refusal } = examine(device, ops, tableEntries(found))
  if (refusal !== null || tph === null) throw notTphSt(device.featureIndex, refusal)
  if (host.backend.tphStruct === 'missing') {
    host.notices.warn(
      `${found.fn.bdf}: the kernel's type information does not name vfio_device_feature_tph_st: feature ${device.featureIndex} may be another one`,
    )
  }
  return tph
}

/** Errnos by which a kernel says that it has no such feature or method. */
export const NOT_THERE: ReadonlySet<number> = new Set([E.ENOTTY, E.EINVAL, E.EOPNOTSUPP])

/** The refusal to go on under an index that is not TPH_ST. */
export function notTphSt(featureIndex: number, refusal: Refusal | null): UnsupportedError {
  const reason = refusal?.reason ?? 'it is not there'
  const message = `Cannot use TPH_ST as feature ${featureIndex}: ${reason}`
  const hint = 'if this kernel has it under another index, name that with --feature-index'
  const errno = refusal?.errno ?? null
  if (errno === null) return new UnsupportedError(message, { hint })
  const details = { errno: errnoName(errno) }
  return new UnsupportedError(message, NOT_THERE.has(errno) ? { ...details, hint } : details)
}

function wrongShape(device: TphDevice, entries: number): Refusal | null {
  if (entries === 0) return null
  const one = getQuietly(device, 0)
  if (typeof one !== 'number') return one
  if (one !== 0) return said('GET of entry 0', one)
  const beyond = getQuietly(device, entries)
  if (typeof beyond !== 'number') return beyond
  if (beyond === E.EINVAL) return null
  const answer = beyond === 0 ? 'success' : errnoName(beyond)
  const reason = `GET of entry ${entries}, beyond the table, says ${answer} and not EINVAL`
  return { reason, errno: beyond === 0 ? null : beyond }
}

function said(call: string, errno: number): Refusal {
  return { reason: `${call} says ${explainErrno(errno)}`, errno }
}

/** GET of one entry. @returns its errno, or what is wrong with the reply */
function getQuietly(device: TphDevice, index: number): number | Refusal {
  try {
    const reply = device.tryGet({ index, count: 1 })
    return typeof reply === 'number' ? reply : 0
  } catch (error) {
    // The shape alone: what keeps the device from being asked at all says nothing about the feature.
    if (!(error instanceof UnsupportedError)) throw error
    return { reason: error.message.replace(/^Cannot use TPH_ST: /, ''), errno: null }
  }
}
