import { statSync } from 'node:fs'
import { posix } from 'node:path'
import type { Bdf } from '../../args/bdf.ts'
import { groupDevices, vfioDevName, vfioDevNumber } from './linux-function.ts'
import { isOnVfioDriver } from './open-driver.ts'
import { type Descriptor, fdinfo, type ProcessName } from './proc.ts'
import type { Root } from './root.ts'

/** A descriptor that may be an open VFIO device. */
export interface DeviceDescriptor extends Descriptor {
  /** The device it is, as Linux 6.18 and later say in fdinfo. */
  readonly saidBdf: Bdf | null
  /** The character device it is, as `major:minor`; null when it is none or that cannot be asked for. */
  readonly number: string | null
}

/** Whether a descriptor is a device, as far as the descriptor itself tells. */
export type Match = 'yes' | 'no' | 'unsure'

/** What a device fd that came from a group links to. */
const ANONYMOUS = 'anon_inode:[vfio-device]'
const GROUP = /(?:^|\/)vfio\/(?:noiommu-)?(\d+)(?: \(deleted\))?$/
const CDEV = /(?:^|\/)((?:noiommu-)?vfio\d+)(?: \(deleted\))?$/

/** The IOMMU group that a descriptor holds open; null when it is no group. */
export function groupOf({ link }: Descriptor): number | null {
  const group = GROUP.exec(link)?.[1]
  return group === undefined ? null : Number(group)
}

/** Whether a descriptor has to do with VFIO: a device, or a group of them. */
export function isVfio(descriptor: Descriptor): boolean {
  const { link } = descriptor
  return link.startsWith('anon_inode:[vfio') || CDEV.test(link) || groupOf(descriptor) !== null
}

/** All there is to know of a descriptor; null when it cannot be a VFIO device. */
export function deviceDescriptor(
  root: Root,
  pid: ProcessName,
  descriptor: Descriptor,
): DeviceDescriptor | null {
  const { fd, link } = descriptor
  if (!link.includes('vfio') || groupOf(descriptor) !== null) return null
  const path = fdinfo(root, pid, fd)?.get('vfio-device-syspath')
  const saidBdf = path === undefined ? null : posix.basename(path)
  const asks = root.isRunningHost && link !== ANONYMOUS
  return { ...descriptor, saidBdf, number: asks ? deviceNumber(root, pid, fd) : null }
}

/** Whether a descriptor is that device; `unsure` for one that came from a group and does not say. */
export function matchDevice(
  root: Root,
  bdf: Bdf,
  { link, saidBdf, number }: DeviceDescriptor,
): Match {
  if (saidBdf !== null) return saidBdf === bdf ? 'yes' : 'no'
  if (link === ANONYMOUS) return 'unsure'
  if (number !== null) return number === cdevNumber(root, bdf) ? 'yes' : 'no'
  const name = CDEV.exec(link)?.[1]
  return name !== undefined && name === vfioDevName(root, bdf) ? 'yes' : 'no'
}

/** What must be known of a device to find its owner; the group is read only where it is needed. */
export interface OwnedFunction {
  readonly bdf: Bdf
  readonly iommuGroup: number | null
}

/**
 * As `matchDevice`; where the descriptor does not say, it must be the device that its process's groups allow.
 *
 * @param groups the IOMMU groups that the process holds open
 */
export function matchInProcess(
  root: Root,
  fn: OwnedFunction,
  groups: ReadonlySet<number>,
  descriptor: DeviceDescriptor,
): Match {
  const match = matchDevice(root, fn.bdf, descriptor)
  if (match !== 'unsure') return match
  if (!isOnVfioDriver(root, fn.bdf)) return 'no'
  // A process may have closed its groups, or have been handed the device alone.
  if (groups.size === 0) return 'unsure'
  const group = fn.iommuGroup
  if (group === null || !groups.has(group)) return 'no'
  return groups.size === 1 && groupDevices(root, group).length === 1 ? 'yes' : 'unsure'
}

/** The text of the link depends on the owner's mounts, the number does not. */
function deviceNumber(root: Root, pid: ProcessName, fd: number): string | null {
  try {
    return numberText(statSync(root.locate(`/proc/${pid}/fd/${fd}`), { bigint: true }).rdev)
  } catch (error) {
    // Closed meanwhile, or not ours to see: then only the text of the link is known.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return null
  }
}

/** `major:minor` of a device number as stat(2) gives it (glibc's makedev(3)). */
function numberText(rdev: bigint): string {
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn)
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & ~0xffn)
  return `${major}:${minor}`
}

function cdevNumber(root: Root, bdf: Bdf): string | null {
  const number = vfioDevNumber(root, bdf)
  return number === null ? null : `${number.major}:${number.minor}`
}
