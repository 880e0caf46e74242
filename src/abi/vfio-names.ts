import {
  VFIO_CHECK_EXTENSION,
  VFIO_DEVICE_BIND_IOMMUFD,
  VFIO_DEVICE_FEATURE,
  VFIO_DEVICE_GET_INFO,
  VFIO_DEVICE_GET_REGION_INFO,
  VFIO_DEVICE_RESET,
  VFIO_DEVICE_SET_IRQS,
  VFIO_GET_API_VERSION,
  VFIO_GROUP_GET_DEVICE_FD,
  VFIO_GROUP_GET_STATUS,
  VFIO_GROUP_SET_CONTAINER,
  VFIO_GROUP_UNSET_CONTAINER,
  VFIO_SET_IOMMU,
} from './vfio.ts'

const NUMBERS = {
  VFIO_GET_API_VERSION,
  VFIO_CHECK_EXTENSION,
  VFIO_SET_IOMMU,
  VFIO_GROUP_GET_STATUS,
  VFIO_GROUP_SET_CONTAINER,
  VFIO_GROUP_UNSET_CONTAINER,
  VFIO_GROUP_GET_DEVICE_FD,
  VFIO_DEVICE_GET_INFO,
  VFIO_DEVICE_GET_REGION_INFO,
  VFIO_DEVICE_SET_IRQS,
  VFIO_DEVICE_RESET,
  VFIO_DEVICE_FEATURE,
  VFIO_DEVICE_BIND_IOMMUFD,
}

let known: ReadonlyMap<number, string> | null = null

/** Made at first use: only what shows calls asks for them. */
function names(): ReadonlyMap<number, string> {
  known ??= new Map(Object.entries(NUMBERS).map(([name, request]) => [request, name]))
  return known
}

/** Whether an ioctl number is mirrored here. */
export function hasName(request: number): boolean {
  return names().has(request)
}

/** The C name of an ioctl number of <linux/vfio.h> that is mirrored here, else `0x3b99`. */
export function ioctlName(request: number): string {
  return names().get(request) ?? `0x${request.toString(16)}`
}
