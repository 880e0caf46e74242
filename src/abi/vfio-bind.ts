// Names, order and values follow include/uapi/linux/vfio.h: device cdevs (Linux 6.6 and later).
import { s32, struct, u32, u64 } from './codec.ts'
import { _IO } from './ioctl.ts'
import { VFIO_BASE, VFIO_TYPE } from './vfio-container.ts'

/**
 * The argument of VFIO_DEVICE_BIND_IOMMUFD in its first form, which every kernel that has it
 * takes: iommufd is an fd of /dev/iommu, out_devid comes back.
 */
export const vfio_device_bind_iommufd = struct('vfio_device_bind_iommufd', 16, {
  argsz: u32,
  flags: u32,
  iommufd: s32,
  out_devid: u32,
})

/**
 * The same struct in its later form: token_uuid_ptr is the address of a VF token's 16 bytes
 * and counts when flags has VFIO_DEVICE_BIND_FLAG_TOKEN.
 */
export const vfio_device_bind_iommufd_token = struct('vfio_device_bind_iommufd', 24, {
  argsz: u32,
  flags: u32,
  iommufd: s32,
  out_devid: u32,
  token_uuid_ptr: u64,
})
/** token_uuid_ptr is there and points to a VF token. */
export const VFIO_DEVICE_BIND_FLAG_TOKEN = 1 << 0
/** Binds a device cdev to an iommufd; before it every other ioctl on that fd is EINVAL. */
export const VFIO_DEVICE_BIND_IOMMUFD = _IO(VFIO_TYPE, VFIO_BASE + 18)
