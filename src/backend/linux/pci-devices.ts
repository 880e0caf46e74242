import { type Bdf, compareBdf } from '../../args/bdf.ts'
import { malformed, required } from './host-file.ts'
import { ifPermitted } from './proc.ts'
import type { Root } from './root.ts'

const DEVICES = '/sys/bus/pci/devices'
const BDF_NAME = /^(?:[1-9a-f][0-9a-f]{4,7}|[0-9a-f]{4}):[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/
const VFIO_DEV_NAME = /^(?:noiommu-)?vfio\d+$/
const NOTHING = new Uint8Array(0)
const DEV_NUMBER = /^(\d{1,10}):(\d{1,10})$/

/** The folder of a function, or what is in it, in sysfs. */
export function devicePath(bdf: Bdf, ...names: readonly string[]): string {
  return [DEVICES, bdf, ...names].join('/')
}

/** Whether a name in sysfs is the address of a PCI function. */
export function isBdf(name: string): name is Bdf {
  return BDF_NAME.test(name)
}

/** Every PCI function of the host, in BDF order. @throws TphctlError */
export function listFunctions(root: Root): Bdf[] {
  return bdfsIn(root, DEVICES)
}

/** The PCI functions of an IOMMU group, in BDF order; none when there is no such group. @throws TphctlError */
export function groupDevices(root: Root, group: number): Bdf[] {
  return bdfsIn(root, `/sys/kernel/iommu_groups/${group}/devices`)
}

/**
 * A function's config space as far as it may be read, which is nothing at all for want of rights, and in the copy of a host that
 * was made without them.
 *
 * @throws TphctlError when it cannot be read for another reason
 */
export function configBytes(root: Root, bdf: Bdf): Uint8Array {
  const path = devicePath(bdf, 'config')
  const bytes = ifPermitted(() => root.bytes(path), NOTHING)
  return root.isRunningHost ? required(path, bytes) : (bytes ?? NOTHING)
}

/**
 * The name below /dev/vfio/devices of a function's VFIO device, such as `vfio3` or `noiommu-vfio3`; null unless a VFIO
 * driver of Linux 6.1 or later has the function.
 *
 * @throws TphctlError
 */
export function vfioDevName(root: Root, bdf: Bdf): string | null {
  const folder = devicePath(bdf, 'vfio-dev')
  const names = root.names(folder)
  return names.find((name) => VFIO_DEV_NAME.test(name)) ?? null
}

/**
 * The device number of a function's VFIO device; null where the kernel made no character device for it.
 *
 * @throws TphctlError
 */
export function vfioDevNumber(root: Root, bdf: Bdf): { major: number; minor: number } | null {
  const name = vfioDevName(root, bdf)
  if (name === null) return null
  const path = devicePath(bdf, 'vfio-dev', name, 'dev')
  const text = root.text(path)
  if (text === null) return null
  const match = DEV_NUMBER.exec(text)
  if (match === null) throw malformed(path, text, 'a device number')
  return { major: Number(match[1]), minor: Number(match[2]) }
}

function bdfsIn(root: Root, folder: string): Bdf[] {
  const names = root.names(folder)
  return names.filter(isBdf).sort(compareBdf)
}
