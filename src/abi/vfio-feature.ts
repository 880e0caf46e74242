// Names, order and values follow include/uapi/linux/vfio.h: VFIO_DEVICE_FEATURE.
import { struct, u32 } from './codec.ts'
import { _IO } from './ioctl.ts'
import { VFIO_BASE, VFIO_TYPE } from './vfio-container.ts'

/**
 * The header of every VFIO_DEVICE_FEATURE argument; the feature's own data follows it.
 * argsz is the bytes of both, flags is a feature index and VFIO_DEVICE_FEATURE_* bits.
 */
export const vfio_device_feature = struct('vfio_device_feature', 8, {
  argsz: u32,
  flags: u32,
})
/** The bits of flags that hold the feature index. */
export const VFIO_DEVICE_FEATURE_MASK = 0xffff
/** Read the feature into the data. */
export const VFIO_DEVICE_FEATURE_GET = 1 << 16
/** Set the feature from the data. */
export const VFIO_DEVICE_FEATURE_SET = 1 << 17
/** Ask whether the feature, with GET and SET where these bits are set too, is there. */
export const VFIO_DEVICE_FEATURE_PROBE = 1 << 18
/** Gets, sets or probes a feature: a `vfio_device_feature` and the feature's data. */
export const VFIO_DEVICE_FEATURE = _IO(VFIO_TYPE, VFIO_BASE + 17)
