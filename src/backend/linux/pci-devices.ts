import { type Bdf, compareBdf } from '../../args/bdf.ts'
import { malformed, readHost, textIn } from './host-file.ts'
import type { Root } from './root.ts'

const DEVICES = '/sys/bus/pci/devices'
const BDF_NAME = /^(?:[1-9a-f][0-9a-f]{4,7}|[0-9a-f]{4}):[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/
const VFIO_DEV_NAME = /^(?:noiommu-)?vfio\d+$/
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

/** A function's config space as far as it may be read, which is nothing at all when it cannot be. */
export function configBytes(root: Root, bdf: Bdf): Uint8Array {
  try {
    return root.bytes(devicePath(bdf, 'config')) ?? new Uint8Array(0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return new Uint8Array(0)
  }
}

/**
 * The name below /dev/vfio/devices of a function's VFIO device, such as `vfio3` or `noiommu-vfio3`; null unless a VFIO
 * driver of Linux 6.1 or later has the function.
 *
 * @throws TphctlError
 */
export function vfioDevName(root: Root, bdf: Bdf): string | null {
  const folder = devicePath(bdf, 'vfio-dev')
  const names = readHost(folder, () => root.names(folder))
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
  const text = textIn(root, path)
  if (text === null) return null
  const match = DEV_NUMBER.exec(text)
  if (match === null) throw malformed(path, text, 'a device number')
  return { major: Number(match[1]), minor: Number(match[2]) }
}

function bdfsIn(root: Root, folder: string): Bdf[] {
  const names = readHost(folder, () => root.names(folder))
  return names.filter(isBdf).sort(compareBdf)
}
