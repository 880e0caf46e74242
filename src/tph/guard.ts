import type { FeatureOp } from '../abi/tph-st.ts'
import { TphctlError } from '../errors.ts'
import { findTph, type TphCapability } from '../pci/tph-capability.ts'
import { type Host, withDevice } from './host.ts'
import { choose, firstChoice, type Passed } from './interfaces/choose.ts'
import type { Refusal, TphInterface, Use } from './interfaces/types.ts'
import type { TphDevice } from './tph-device.ts'
import type { TphFunction } from './tph-function.ts'

/** What the guard found out. */
export interface Examined {
  /** The interface that the kernel has, or that the refusal is about. */
  readonly kernel: TphInterface
  /** An interface that was looked for before it, and why it is not there. */
  readonly passed: Passed | null
  /** Whether tags can be read and set, as far as that was asked. */
  readonly ops: ReadonlySet<FeatureOp>
  /** The capability as the fd shows it; null when it shows none. */
  readonly tph: TphCapability | null
  /** The first check that failed; null when all hold. */
  readonly refusal: Refusal | null
}

/**
 * Checks that the kernel has an interface for steering tags, before anything is sent that could change a device (uapi section 1, "The
 * guard"): the capability through the very same fd, then what the interface can tell by. The device is spoken to through it from
 * then on.
 */
export function examine(host: Host, found: TphFunction, device: TphDevice, use: Use): Examined {
  const config = device.config()
  const { tph } = findTph(config)
  if (tph === null) {
    const reason = 'the config space behind its fd has no TPH Requester capability'
    const refusal = { reason, errno: null }
    return { kernel: firstChoice(host), passed: null, ops: new Set(), tph, refusal }
  }
  const chosen = choose(host, device, { found, config, tph, use })
  if (chosen.refusal === null) device.speak(chosen.kernel, found)
  return { ...chosen, tph }
}

/**
 * The guard before work on a device. Where something speaks against the interface all the same, such as the kernel's type information,
 * that is a warning.
 *
 * @returns the capability as the fd shows it
 * @throws UnsupportedError with the reason; UsageError for the warning under `--strict`; what the interface throws where the device is
 * not in a state to be used so
 */
export function guardDevice(
  host: Host,
  found: TphFunction,
  device: TphDevice,
  use: Use,
): TphCapability {
  const { kernel, tph, refusal } = examine(host, found, device, use)
  if (refusal !== null || tph === null) throw kernel.refused(refusal)
  const doubt = kernel.doubt(host.backend)
  if (doubt !== null) host.notices.warn(`${found.fn.bdf}: ${doubt}`)
  kernel.requireReady(device, found, use)
  return tph
}

/**
 * The interface that a device would be spoken to through, for what is only rehearsed: where it was not named, the device is asked, by
 * calls that change nothing and are not shown. One that cannot be asked is taken to have the first.
 */
export function presume(host: Host, found: TphFunction): TphInterface {
  const first = firstChoice(host)
  if ((host.abi ?? 'auto') !== 'auto') return first
  try {
    return withDevice({ ...host, trace: null }, found.fn, (device) => {
      return examine(host, found, device, 'control').kernel
    })
  } catch (error) {
    if (error instanceof TphctlError) return first
    throw error
  }
}
