import type { Libc } from '../../../native-shims/libc.ts'
import { E } from '../../abi/errno.ts'
import { VFIO_DEVICE_BIND_IOMMUFD, vfio_device_bind_iommufd } from '../../abi/vfio.ts'
import type { Bdf } from '../../args/bdf.ts'
import { quote } from '../../args/quote.ts'
import { UnsupportedError } from '../../errors.ts'
import { vfioDevName, vfioDevNumber } from './linux-function.ts'
import { requireViable } from './open-driver.ts'
import type { OpenFiles } from './open-files.ts'
import type { GroupedFunction } from './open-group.ts'
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
 * @param shared an iommufd that is open already; null to open one
 * @returns the device's fd
 * @throws TphctlError naming the step
 */
export function openCdev(
  root: Root,
  libc: Libc,
  { bdf, iommuGroup }: GroupedFunction,
  files: OpenFiles,
  shared: number | null,
): number {
  const node = cdevNode(root, bdf)
  if (node === null) throw noCdev()
  files.iommufd = shared ?? files.open(IOMMU_NODE, IOMMUFD_MEANINGS)
  const fd = files.open(node, NODE_MEANINGS)
  const errno = bind(libc, fd, files.iommufd)
  if (errno === E.EPERM && iommuGroup !== null) requireViable(root, iommuGroup)
  if (errno !== 0)
    throw stepFailed(`bind ${quote(node)} to iommufd`, errno, bindMeanings(bdf, node))
  return fd
}

/** @returns 0 or the errno */
function bind(libc: Libc, fd: number, iommufd: number): number {
  const argsz = vfio_device_bind_iommufd.size
  const bytes = vfio_device_bind_iommufd.encode({ argsz, flags: 0, iommufd, out_devid: 0 })
  return Math.max(0, -libc.ioctl(fd, VFIO_DEVICE_BIND_IOMMUFD, bytes))
}

/** EPERM is the kernel's word for a group that has another owner already, and for IOMMUs that it does not trust. */
function bindMeanings(bdf: Bdf, node: string): Meanings {
  const seeOwner = `"tphctl info ${bdf}" shows who, as root`
  return {
    [E.EINVAL]: ['another process has the device open', seeOwner, 'busy'],
    [E.EBUSY]: ['its IOMMU group is open in another process', seeOwner],
    [E.EACCES]: ['a VF whose PF is on vfio-pci wants a token', 'give it with --vf-token UUID'],
    [E.EPERM]: node.includes('noiommu')
      ? ['a device without an IOMMU takes CAP_SYS_RAWIO', 'run it as root']
      : [
          'another device of its IOMMU group is in use, or the IOMMU cannot remap interrupts',
          'iommufd.allow_unsafe_interrupts=1 permits the latter',
        ],
    [E.ENOTTY]: ['this kernel cannot bind it', 'use --open group'],
  }
}

function noCdev(): UnsupportedError {
  const message = "Cannot open the device's own node: this kernel makes none"
  const hint = 'it takes Linux 6.6 with CONFIG_VFIO_DEVICE_CDEV; use --open group'
  return new UnsupportedError(message, { hint })
}
