// Names, order and values follow include/uapi/linux/vfio.h: the part for /dev/vfio/GROUP.
import { struct, u32 } from './codec.ts'
import { _IO } from './ioctl.ts'
import { VFIO_BASE, VFIO_TYPE } from './vfio-container.ts'

/** The argument of VFIO_GROUP_GET_STATUS: argsz in bytes (8), flags VFIO_GROUP_FLAGS_*. */
export const vfio_group_status = struct('vfio_group_status', 8, {
  argsz: u32,
  flags: u32,
})
/** Every device of the group is on a vfio driver or on none. */
export const VFIO_GROUP_FLAGS_VIABLE = 1 << 0
/** The group is in a container. */
export const VFIO_GROUP_FLAGS_CONTAINER_SET = 1 << 1
/** Fills in a `vfio_group_status`. */
export const VFIO_GROUP_GET_STATUS = _IO(VFIO_TYPE, VFIO_BASE + 3)

/** Argument: pointer to the container's fd, an s32. */
export const VFIO_GROUP_SET_CONTAINER = _IO(VFIO_TYPE, VFIO_BASE + 4)
/** No argument; takes the group out of its container. */
export const VFIO_GROUP_UNSET_CONTAINER = _IO(VFIO_TYPE, VFIO_BASE + 5)
/** Argument: pointer to the NUL-terminated device name (BDF); returns the device fd. */
export const VFIO_GROUP_GET_DEVICE_FD = _IO(VFIO_TYPE, VFIO_BASE + 6)
