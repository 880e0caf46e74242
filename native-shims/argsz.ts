// Types and numbers follow <linux/vfio.h> and <linux/iommufd.h>, which share the type.

const VFIO_TYPE = 0x3b

/**
 * Requests of that type whose argument does not start with its size; all others do, `size` in iommufd's case. The list is
 * of exceptions so that a request not known here is checked.
 */
const WITHOUT_ARGSZ: ReadonlySet<number> = new Set([
  0x3b64, // VFIO_GET_API_VERSION: none
  0x3b65, // VFIO_CHECK_EXTENSION: by value
  0x3b66, // VFIO_SET_IOMMU: by value
  0x3b68, // VFIO_GROUP_SET_CONTAINER: s32
  0x3b69, // VFIO_GROUP_UNSET_CONTAINER: none
  0x3b6a, // VFIO_GROUP_GET_DEVICE_FD: string
  0x3b6f, // VFIO_DEVICE_RESET: none
  0x3b73, // VFIO_DEVICE_GET_GFX_DMABUF: u32; VFIO_IOMMU_ENABLE: none
])

/** Whether the struct behind an ioctl's pointer starts with its own size in bytes. */
export function startsWithArgsz(request: number): boolean {
  return request >>> 8 === VFIO_TYPE && !WITHOUT_ARGSZ.has(request)
}

/**
 * Refuses an argument that tells the kernel more bytes than it has: the kernel would read and write what lies behind it.
 *
 * @throws RangeError when the first u32, the argument's claimed size, is missing or exceeds its length
 */
export function checkArgsz(argument: Uint8Array): void {
  const { length } = argument
  if (length < 4) {
    throw new RangeError(`Cannot issue ioctl: no argsz, the argument has ${length} bytes`)
  }
  // By hand: a DataView for each call takes longer than the call.
  const [a = 0, b = 0, c = 0, d = 0] = argument
  const argsz = (a | (b << 8) | (c << 16) | (d << 24)) >>> 0
  if (argsz > length) {
    throw new RangeError(`Cannot issue ioctl: argsz is ${argsz}, the argument has ${length} bytes`)
  }
}
