import type { Libc } from '../../../native-shims/libc.ts'
import { E } from '../../abi/errno.ts'
import { VFIO_DEVICE_BIND_IOMMUFD, vfio_device_bind_iommufd } from '../../abi/vfio.ts'
import type { Bdf } from '../../args/bdf.ts'
import { quote } from '../../args/quote.ts'
import { UnsupportedError } from '../../errors.ts'
import { vfioDevName, vfioDevNumber } from './linux-function.ts'
import type { OpenFiles } from './open-files.ts'
import { type Meanings, stepFailed } from './open-refusals.ts'
import type { Root } from './root.ts'

/** The node of iommufd. */
export const IOMMU_NODE = '/dev/iommu'

const NO_IOMMUFD = 'the iommufd module is not loaded'
const LOAD_IOMMUFD = 'load it with "modprobe iommufd", or use --open group'
const IOMMUFD_MEANINGS: Meanings = {
  [E.ENOENT]: [NO_IOMMUFD, LOAD_IOMMUFD],
  [E.ENODEV]: [NO_IOMMUFD, LOAD_IOMMUFD],
  [E.ENXIO]: [NO_IOMMUFD, LOAD_IOMMUFD],
}
const NODE_MEANINGS: Meanings = {
  [E.ENOENT]: ['the node was not made here', 'a container needs it passed in; or use --open group'],
}

/** The node of a device of its own, such as `/dev/vfio/devices/vfio3`; null when the kernel made none. */
export function cdevNode(root: Root, bdf: Bdf): string | null {
  if (vfioDevNumber(root, bdf) === null) return null
  return `/dev/vfio/devices/${vfioDevName(root, bdf)}`
}

/**
 * Opens a device by its own node and binds it to an iommufd (uapi section 2, cdev; Linux 6.6).
 *
 * @param files where the fds are kept
 * @returns the device's fd
 * @throws TphctlError naming the step
 */
export function openCdev(root: Root, libc: Libc, bdf: Bdf, files: OpenFiles): number {
  const node = cdevNode(root, bdf)
  if (node === null) throw noCdev()
  const iommufd = files.open(IOMMU_NODE, IOMMUFD_MEANINGS)
  const fd = files.open(node, NODE_MEANINGS)
  bind(libc, bdf, node, fd, iommufd)
  return fd
}

function bind(libc: Libc, bdf: Bdf, node: string, fd: number, iommufd: number): void {
  const argsz = vfio_device_bind_iommufd.size
  const bytes = vfio_device_bind_iommufd.encode({ argsz, flags: 0, iommufd, out_devid: 0 })
  const result = libc.ioctl(fd, VFIO_DEVICE_BIND_IOMMUFD, bytes)
  if (result < 0) throw stepFailed(`bind ${quote(node)} to iommufd`, -result, bindMeanings(bdf))
}

function bindMeanings(bdf: Bdf): Meanings {
  const seeOwner = `"tphctl info ${bdf}" shows who, as root`
  return {
    [E.EINVAL]: ['another process has the device open', seeOwner, 'busy'],
    [E.EBUSY]: ['its IOMMU group is in use: opened, or a device of it on a host driver', seeOwner],
    [E.EACCES]: ['a VF whose PF is on vfio-pci wants a token', 'give it with --vf-token UUID'],
    [E.EPERM]: [
      'the kernel takes this IOMMU, or none, for unsafe',
      'run it as root with CAP_SYS_RAWIO; iommufd.allow_unsafe_interrupts=1 permits what cannot remap interrupts',
    ],
    [E.ENOTTY]: ['this kernel cannot bind it', 'use --open group'],
  }
}

function noCdev(): UnsupportedError {
  const message = "Cannot open the device's own node: this kernel makes none"
  const hint = 'it takes Linux 6.6 with CONFIG_VFIO_DEVICE_CDEV; use --open group'
  return new UnsupportedError(message, { hint })
}
