// Names, order and values follow include/uapi/linux/vfio.h: the part for device fds.
import { struct, u32, u64 } from './codec.ts'
import { _IO } from './ioctl.ts'
import { VFIO_BASE, VFIO_TYPE } from './vfio-container.ts'

/**
 * The argument of VFIO_DEVICE_GET_INFO: num_regions and num_irqs are the highest index + 1.
 * Headers before Linux 6.6 end at cap_offset (20 bytes); every kernel takes either argsz.
 */
export const vfio_device_info = struct('vfio_device_info', 24, {
  argsz: u32,
  flags: u32,
  num_regions: u32,
  num_irqs: u32,
  cap_offset: u32,
  _pad: u32,
})
/** The device supports VFIO_DEVICE_RESET. */
export const VFIO_DEVICE_FLAGS_RESET = 1 << 0
/** The device is a PCI function. */
export const VFIO_DEVICE_FLAGS_PCI = 1 << 1
/** Fills in a `vfio_device_info`. */
export const VFIO_DEVICE_GET_INFO = _IO(VFIO_TYPE, VFIO_BASE + 7)

/** The argument of VFIO_DEVICE_GET_REGION_INFO: size and offset (on the device fd) in bytes. */
export const vfio_region_info = struct('vfio_region_info', 32, {
  argsz: u32,
  flags: u32,
  index: u32,
  cap_offset: u32,
  size: u64,
  offset: u64,
})
/** The region can be read with pread. */
export const VFIO_REGION_INFO_FLAG_READ = 1 << 0
/** The region can be written with pwrite. */
export const VFIO_REGION_INFO_FLAG_WRITE = 1 << 1
/** The region can be mapped. */
export const VFIO_REGION_INFO_FLAG_MMAP = 1 << 2
/** Capabilities follow the struct, from cap_offset on, where argsz leaves room. */
export const VFIO_REGION_INFO_FLAG_CAPS = 1 << 3
/** Fills in a `vfio_region_info`; the caller sets argsz and index. */
export const VFIO_DEVICE_GET_REGION_INFO = _IO(VFIO_TYPE, VFIO_BASE + 8)

/** Argument: struct vfio_irq_set, not mirrored: this program never sends it. */
export const VFIO_DEVICE_SET_IRQS = _IO(VFIO_TYPE, VFIO_BASE + 10)

/** No argument; resets the device where VFIO_DEVICE_FLAGS_RESET is set. */
export const VFIO_DEVICE_RESET = _IO(VFIO_TYPE, VFIO_BASE + 11)

/** Region index of BAR 0; BAR n is region n. */
export const VFIO_PCI_BAR0_REGION_INDEX = 0
/** Region index of config space. */
export const VFIO_PCI_CONFIG_REGION_INDEX = 7
