import type { Libc } from '../../../native-shims/libc.ts'
import { errnoName } from '../../abi/errno.ts'
import type { Bdf } from '../../args/bdf.ts'
import { quote } from '../../args/quote.ts'
import { BusyError } from '../../errors.ts'
import { idText } from '../../pci/id-text.ts'
import { CallError } from '../types.ts'
import { LinuxDevice } from './linux-device.ts'
import { deviceDescriptor, matchDevice } from './owner-match.ts'
import { type NamedProcess, processText } from './owner-refusals.ts'
import type { Root } from './root.ts'

/** The device that an fd must be. */
export interface BorrowedFunction {
  readonly bdf: Bdf
  /** Four lower-case hex digits. */
  readonly vendorId: string
  /** Four lower-case hex digits. */
  readonly deviceId: string
}

/** Where an fd came from, for messages. */
interface Source extends NamedProcess {
  readonly fd: number
}

/**
 * Makes sure that an fd of ours is that device: by its link and fdinfo, then by the ids read through it.
 *
 * @throws BusyError saying what is odd
 */
export function checkBorrowed(
  root: Root,
  libc: Libc,
  fn: BorrowedFunction,
  source: Source,
  fd: number,
): void {
  const wrong = wrongFile(root, fn, fd) ?? wrongIds(libc, fn, fd)
  if (wrong === null) return
  const from = `fd ${source.fd} of ${processText(source)}`
  const hint = `"tphctl info ${fn.bdf}" shows the owner`
  throw new BusyError(`Cannot borrow the device: ${from} ${wrong}`, { device: fn.bdf, hint })
}

/** Looked at before any ioctl: on another kind of file the same number could mean anything. */
function wrongFile(root: Root, { bdf }: BorrowedFunction, fd: number): string | null {
  const link = root.link(`/proc/self/fd/${fd}`)
  if (link === null) return 'cannot be looked at in /proc/self/fd'
  const device = deviceDescriptor(root, 'self', { fd, link })
  if (device !== null && matchDevice(root, bdf, device) !== 'no') return null
  return `is ${quote(device?.saidBdf ?? link)}, not this device`
}

function wrongIds(libc: Libc, { bdf, vendorId, deviceId }: BorrowedFunction, fd: number) {
  const ids = readIds(new LinuxDevice(libc, bdf, fd))
  if (typeof ids === 'string') return ids
  const [vendor, device] = ids
  if (vendor === vendorId && device === deviceId) return null
  if (vendor === 'ffff') return 'reads as all ones: the device does not answer'
  return `is a device ${vendor}:${device}, not ${vendorId}:${deviceId}`
}

/** Vendor and device id as the fd shows them, or why they cannot be read. */
function readIds(device: LinuxDevice): [vendor: string, device: string] | string {
  try {
    const bytes = device.readConfig(0, 4)
    if (bytes.length < 4) return 'shows no config space'
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    return [idText(view.getUint16(0, true)), idText(view.getUint16(2, true))]
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    return refusal(error)
  }
}

function refusal({ call, errno }: CallError): string {
  const name = errnoName(errno)
  // Every ioctl on a cdev is EINVAL until it is bound.
  if (call === 'ioctl' && name === 'EINVAL') return 'is not in use yet: EINVAL, bound to no iommufd'
  return `does not show its config space: ${name}`
}
