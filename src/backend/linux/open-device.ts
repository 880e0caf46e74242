import type { Libc } from '../../../native-shims/libc.ts'
import { quote } from '../../args/quote.ts'
import { aboutDevice, TphctlError, UsageError } from '../../errors.ts'
import { LinuxDevice } from './linux-device.ts'
import { cdevNode, IOMMU_NODE, openCdev } from './open-cdev.ts'
import { requireVfioDriver } from './open-driver.ts'
import { OpenFiles } from './open-files.ts'
import { type GroupedFunction, groupNode, openGroup } from './open-group.ts'
import type { Root } from './root.ts'

/** How a device is to be opened. */
export interface OpenWish {
  /** Null for the better way there is. */
  readonly how: 'cdev' | 'group' | null
  /** The token of a VF whose PF is on vfio-pci, a UUID. */
  readonly vfToken: string | null
}

/** A device that this process owns. */
export interface OpenedDevice {
  readonly device: LinuxDevice
  /** What it took to open it. */
  readonly files: OpenFiles
  /** Closes the device, then what it took to open it. */
  close(): void
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Opens a device that nobody owns (uapi section 2). This resets the device, and so does closing it.
 *
 * @param held devices that this process opened before and closes later, whose iommufd or group is used again
 * @throws TphctlError naming the step that failed, the errno and what to do; everything opened before is closed
 */
export function openDevice(
  root: Root,
  libc: Libc,
  fn: GroupedFunction,
  wish: OpenWish,
  held: readonly OpenedDevice[] = [],
): OpenedDevice {
  const files = new OpenFiles(root)
  try {
    const fd = files.release(openFd(root, libc, fn, wish, files, held))
    return opened(new LinuxDevice(libc, fn.bdf, fd), files)
  } catch (error) {
    files.close()
    throw error instanceof TphctlError ? aboutDevice(fn.bdf, error) : error
  }
}

function opened(device: LinuxDevice, files: OpenFiles): OpenedDevice {
  return {
    device,
    files,
    close() {
      device.close()
      files.close()
    },
  }
}

function openFd(
  root: Root,
  libc: Libc,
  fn: GroupedFunction,
  { how, vfToken }: OpenWish,
  files: OpenFiles,
  held: readonly OpenedDevice[],
): number {
  checkToken(vfToken, how)
  requireVfioDriver(root, fn.bdf, fn.iommuGroup)
  const way = how ?? (vfToken === null ? betterWay(root, fn) : 'group')
  if (way === 'cdev') {
    const iommufd = held.map((one) => one.files.iommufd).find((one) => one !== null) ?? null
    return openCdev(root, libc, fn, files, iommufd)
  }
  const group = held.map((one) => one.files.group).find((one) => one?.number === fn.iommuGroup)
  return openGroup(root, libc, fn, vfToken, files, group?.fd ?? null)
}

/** The token's place in VFIO_DEVICE_BIND_IOMMUFD is an address, which JavaScript has none of; a group takes it as text. */
function checkToken(vfToken: string | null, how: OpenWish['how']): void {
  if (vfToken === null) return
  if (!UUID.test(vfToken)) {
    throw new UsageError(`Cannot parse VF token ${quote(vfToken)}: expected a UUID`)
  }
  if (how !== 'cdev') return
  const hint = 'use --open group'
  throw new UsageError('Cannot open the device with --open cdev and a VF token', { hint })
}

/** The device's own node where it can be used, else the group; where neither can, the one that is there. */
function betterWay(root: Root, { bdf, iommuGroup }: GroupedFunction): 'cdev' | 'group' {
  const node = cdevNode(root, bdf)
  if (node === null) return 'group'
  if (isUsable(root, IOMMU_NODE) && isUsable(root, node)) return 'cdev'
  if (iommuGroup === null) return 'cdev'
  return isUsable(root, groupNode(root, iommuGroup)) ? 'group' : 'cdev'
}

function isUsable(root: Root, node: string): boolean {
  const is = root.node(node)
  return is === 'usable' || is === 'there'
}
