import { E } from '../../abi/errno.ts'
import type { Meanings } from '../errno-meaning.ts'

/** What errnos of VFIO_DEVICE_PCI_TPH mean: three are in its header, ENXIO and EBUSY come from the kernel functions below it. */
export const MEANINGS: Meanings = {
  [E.EOPNOTSUPP]: 'the device does not support this operation',
  [E.ENODEV]: 'the device or something that this needs is not there',
  [E.EINVAL]: 'the kernel does not accept this request, or has no TPH for the device',
  [E.ENOTTY]: 'the kernel has no VFIO_DEVICE_PCI_TPH for this device',
  [E.ENXIO]: "an entry's MSI-X vector is not allocated",
  [E.EBUSY]: 'the kernel has TPH on already',
}
