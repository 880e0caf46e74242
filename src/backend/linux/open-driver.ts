import { posix } from 'node:path'
import type { Bdf } from '../../args/bdf.ts'
import { quote } from '../../args/quote.ts'
import { BusyError, UnsupportedError } from '../../errors.ts'
import { devicePath, groupDevices, vfioDevName } from './pci-devices.ts'
import type { Root } from './root.ts'

/** Drivers beside vfio's that leave a group to its owner: they do no DMA (the kernel's `driver_managed_dma`). */
const HARMLESS = new Set(['pci-stub', 'pcieport'])
const NO_IOMMU_MODE = '/sys/module/vfio/parameters/enable_unsafe_noiommu_mode'

/** The driver a function is bound to; null for none. @throws TphctlError */
export function driverOf(root: Root, bdf: Bdf): string | null {
  const path = devicePath(bdf, 'driver')
  const target = root.link(path)
  return target === null ? null : posix.basename(target)
}

/** Whether a function is on vfio-pci or a variant of it; before Linux 6.1 only the driver's name tells. */
export function isOnVfioDriver(root: Root, bdf: Bdf): boolean {
  return vfioDevName(root, bdf) !== null || (driverOf(root, bdf)?.includes('vfio') ?? false)
}

/**
 * Makes sure that a device is on a VFIO driver.
 *
 * @throws BusyError when the host's own driver has it; UnsupportedError when none has, or none can for want of an IOMMU
 */
export function requireVfioDriver(root: Root, bdf: Bdf, group: number | null): void {
  if (isOnVfioDriver(root, bdf)) return
  if (group === null && root.text(NO_IOMMU_MODE) !== 'Y') throw noIommu()
  const driver = driverOf(root, bdf)
  const details = { hint: `bind it with ${bindCommand(bdf)}` }
  if (driver === null) {
    throw new UnsupportedError('Cannot open the device: no driver has it', details)
  }
  const message = `Cannot open the device: the host uses it, it is on driver ${quote(driver)}`
  throw new BusyError(message, details)
}

/** The error for a device that nothing isolates. */
export function noIommu(): UnsupportedError {
  const message = 'Cannot open the device: it is in no IOMMU group, the IOMMU is off or missing'
  const hint =
    'turn it on in the firmware and with intel_iommu=on; without it only vfio.enable_unsafe_noiommu_mode=1 helps'
  return new UnsupportedError(message, { hint })
}

/** Makes sure that no device of a group is on a host driver. @throws BusyError naming which, and by what driver */
export function requireViable(root: Root, group: number): void {
  if (onHostDrivers(root, group).length > 0) throw notViable(root, group)
}

/** The functions of a group that host drivers have, which keeps the group from its owner. */
export function onHostDrivers(root: Root, group: number): { other: Bdf; driver: string }[] {
  return groupDevices(root, group).flatMap((other) => {
    const driver = driverOf(root, other)
    if (driver === null || HARMLESS.has(driver)) return []
    return isOnVfioDriver(root, other) ? [] : [{ other, driver }]
  })
}

/** The error for a group that other devices keep from being used: which, and by what driver. */
export function notViable(root: Root, group: number): BusyError {
  const others = onHostDrivers(root, group)
  const [first] = others
  const list = others.map(({ other, driver }) => `${other} is on driver ${quote(driver)}`)
  const why = first === undefined ? 'another of its devices is on a host driver' : list.join(', ')
  const hint = `bind it too: ${bindCommand(first?.other ?? 'BDF')}`
  return new BusyError(`Cannot use IOMMU group ${group}: it is not viable, ${why}`, { hint })
}

function bindCommand(bdf: Bdf): string {
  return `"driverctl set-override ${bdf} vfio-pci" (driver_override in sysfs)`
}
