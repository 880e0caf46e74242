import { E } from '../../abi/errno.ts'
import type { Bdf } from '../../args/bdf.ts'
import type { Meanings } from './open-refusals.ts'

const NO_VFIO = 'the vfio module is not loaded'
const LOAD_VFIO = 'load it with "modprobe vfio-pci"'
const NEEDS_RAWIO = 'it takes CAP_SYS_RAWIO, since nothing isolates the device'
const SEE_OWNERS = '"tphctl list" shows the owners'
const AS_ROOT = 'run it as root or with CAP_SYS_RAWIO'

/** Opening /dev/vfio/vfio. */
export const CONTAINER_MEANINGS: Meanings = {
  [E.ENOENT]: [NO_VFIO, LOAD_VFIO],
  [E.ENODEV]: [NO_VFIO, LOAD_VFIO],
  [E.ENXIO]: [NO_VFIO, LOAD_VFIO],
}

/** Opening the group's node. */
export function groupMeanings(bdf: Bdf, hasIommu: boolean): Meanings {
  return {
    [E.ENOENT]: [
      'the group has no node here',
      'use --open cdev on a kernel without CONFIG_VFIO_GROUP; a container needs the node passed in',
    ],
    [E.EBUSY]: ['another process has the group open', `"tphctl info ${bdf}" shows who, as root`],
    ...(hasIommu ? {} : { [E.EPERM]: [NEEDS_RAWIO, AS_ROOT] }),
  }
}

/** VFIO_GROUP_SET_CONTAINER. */
export const SET_CONTAINER_MEANINGS: Meanings = {
  [E.EINVAL]: ['the group is in another container already', SEE_OWNERS, 'busy'],
  [E.EBUSY]: ['another user of the IOMMU has the group', SEE_OWNERS],
  [E.EPERM]: [NEEDS_RAWIO, AS_ROOT],
}

/** VFIO_SET_IOMMU. */
export function iommuMeanings(hasIommu: boolean): Meanings {
  return {
    [E.EPERM]: hasIommu
      ? [
          'the IOMMU cannot remap interrupts',
          'vfio_iommu_type1.allow_unsafe_interrupts=1 permits it all the same',
        ]
      : [NEEDS_RAWIO, AS_ROOT],
    [E.ENODEV]: ['no IOMMU driver takes the group', 'load it with "modprobe vfio_iommu_type1"'],
  }
}

/** VFIO_GROUP_GET_DEVICE_FD. */
export function deviceMeanings(hasToken: boolean): Meanings {
  return {
    [E.ENODEV]: ['the group has no such device, or it left its VFIO driver', LOAD_VFIO],
    [E.EACCES]: [
      hasToken
        ? 'the VF token is not the one of its PF'
        : 'a VF whose PF is on vfio-pci wants a token',
      'give the token of the PF with --vf-token UUID',
    ],
    ...(hasToken
      ? { [E.EINVAL]: ['the device takes no VF token', 'leave --vf-token out'] as const }
      : {}),
  }
}
