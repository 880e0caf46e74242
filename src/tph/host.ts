import { E } from '../abi/errno.ts'
import type { InterfaceChoice } from '../abi/interface-names.ts'
import { type Bdf, nearBdfs } from '../args/bdf.ts'
import { traced } from '../backend/traced-device.ts'
import { type Backend, CallError, type Device, type PciFunction } from '../backend/types.ts'
import { BusyError, NotFoundError, naming, PermissionError, UnsupportedError } from '../errors.ts'
import type { Notices } from '../notices.ts'
import { ConfigSpace } from '../pci/config-space.ts'
import { findTph, type TphCapability } from '../pci/tph-capability.ts'
import { repeating } from './eintr.ts'
import { callFailed } from './errno-meaning.ts'
import type { TphReason } from './results.ts'
import { TphDevice } from './tph-device.ts'
import type { TphFunction } from './tph-function.ts'

export { type TphFunction, tableEntries } from './tph-function.ts'

/** What work on a host's devices needs to know beside the request itself. */
export interface Host {
  readonly backend: Backend
  readonly notices: Notices
  /** The kernel interface to speak; `auto` unless told. */
  readonly abi?: InterfaceChoice
  /** The index under which TPH_ST is looked for. */
  readonly featureIndex: number
  /** How long to wait for a device's lock. */
  readonly waitSeconds: number
  /** Whether what is only suspicious counts as an error. */
  readonly strict: boolean
  /** Takes each device call as a line; null unless `-v`. */
  readonly trace: ((line: string) => void) | null
}

/** The function with that BDF. @throws NotFoundError naming the near ones */
export function findFunction({ backend }: Host, bdf: Bdf): PciFunction {
  const found = backend.find(bdf)
  if (found !== null) return found
  const near = nearBdfs(
    bdf,
    backend.functions().map((one) => one.bdf),
  )
  const hint =
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : '"tphctl list" shows the devices with TPH'
  throw new NotFoundError('Cannot find the device: ENODEV, no PCI function has this address', {
    device: bdf,
    errno: 'ENODEV',
    hint,
  })
}

/** What is known of a function's TPH Requester capability without opening the device. */
export function lookUpTph(
  fn: PciFunction,
): { tph: TphCapability; reason: null } | { tph: null; reason: TphReason } {
  const { bytes, missing } = fn.config
  const found = findTph(new ConfigSpace(bytes))
  if (found.tph !== null) return found
  return { tph: null, reason: found.reason === 'absent' ? 'absent' : missing }
}

/** The function with that BDF and its capability. @throws NotFoundError, UnsupportedError, PermissionError */
export function findTphFunction(host: Host, bdf: Bdf): TphFunction {
  const fn = findFunction(host, bdf)
  const { tph, reason } = lookUpTph(fn)
  if (tph !== null) return { fn, tph }
  const seen = reason === 'not-readable' ? lookThroughFd(host, fn) : null
  if (seen === null) throw noTph(bdf, reason)
  return { fn, tph: seen }
}

/** The owner's fd shows all of config space to whoever may borrow it. @throws why it cannot be borrowed */
function lookThroughFd(host: Host, fn: PciFunction): TphCapability | null {
  return withDevice(host, fn, (device) => findTph(device.config()).tph)
}

/** The error for a function without a (visible) TPH Requester capability. */
export function noTph(device: Bdf, reason: TphReason): UnsupportedError | PermissionError {
  if (reason === 'absent') {
    const hint = '"tphctl list" shows the devices with TPH'
    const message = 'Cannot use steering tags: the device has no TPH Requester capability'
    return new UnsupportedError(message, { device, hint })
  }
  if (reason === 'not-in-dump') {
    const message = 'Cannot use steering tags: its extended config space is not in the dump'
    return new UnsupportedError(message, {
      device,
      hint: 'take the dump as root with "lspci -D -xxxx"',
    })
  }
  const message = 'Cannot use steering tags: EACCES, its extended config space is not readable'
  const hint = 'run it as root or with CAP_SYS_ADMIN'
  return new PermissionError(message, { device, errno: 'EACCES', hint })
}

/** Borrows the device for one piece of work and gives it back, whatever happens. Errors are about that device. */
export function withDevice<T>(host: Host, fn: PciFunction, use: (device: TphDevice) => T): T {
  const { backend, featureIndex, trace } = host
  return naming(fn.bdf, () => {
    const borrowed = borrow(backend, fn)
    try {
      const device = trace === null ? borrowed : traced(borrowed, trace, featureIndex)
      return use(new TphDevice(device))
    } finally {
      borrowed.close()
    }
  })
}

/** The same while no other tphctl works on the device. */
export function withLockedDevice<T>(host: Host, fn: PciFunction, use: (device: TphDevice) => T): T {
  const lock = naming(fn.bdf, () => host.backend.lock(fn.bdf, host.waitSeconds))
  try {
    return withDevice(host, fn, use)
  } finally {
    lock.release()
  }
}

function borrow(backend: Backend, fn: PciFunction): Device {
  try {
    return repeating(() => backend.borrow(fn.bdf))
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    const failed = callFailed('borrow the device', error.errno)
    if (error.errno !== E.EBUSY) throw failed
    throw new BusyError(failed.message, { errno: 'EBUSY' })
  }
}
