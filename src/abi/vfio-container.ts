// Names, order and values follow include/uapi/linux/vfio.h: the part for /dev/vfio/vfio.
import { _IO } from './ioctl.ts'

/** What VFIO_GET_API_VERSION returns on every kernel so far. */
export const VFIO_API_VERSION = 0

/** The argument of VFIO_SET_IOMMU (by value) for the first type 1 IOMMU interface. */
export const VFIO_TYPE1_IOMMU = 1
/** The argument of VFIO_SET_IOMMU (by value) for the second type 1 IOMMU interface. */
export const VFIO_TYPE1v2_IOMMU = 3
/** The argument of VFIO_SET_IOMMU (by value) for groups without an IOMMU; needs CAP_SYS_RAWIO. */
export const VFIO_NOIOMMU_IOMMU = 8

/** The type character of every VFIO ioctl. */
export const VFIO_TYPE = ';'
/** The number of the first VFIO ioctl. */
export const VFIO_BASE = 100

/** No argument; returns VFIO_API_VERSION. */
export const VFIO_GET_API_VERSION = _IO(VFIO_TYPE, VFIO_BASE + 0)
/** Argument by value, such as VFIO_TYPE1v2_IOMMU; returns 0 when it is not supported. */
export const VFIO_CHECK_EXTENSION = _IO(VFIO_TYPE, VFIO_BASE + 1)
/** Argument by value, such as VFIO_TYPE1v2_IOMMU; only once a group is in the container. */
export const VFIO_SET_IOMMU = _IO(VFIO_TYPE, VFIO_BASE + 2)
