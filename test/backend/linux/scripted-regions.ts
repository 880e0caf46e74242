/** What the kernel says of a region of a device. */
export interface ScriptedRegion {
  readonly flags: number
  readonly size: number
  /** Where it begins in the device's file. */
  readonly offset: number
  /** Bytes behind the struct; the kernel says then that there are capabilities. */
  readonly capabilities?: Uint8Array
}

/** Flags of a region (include/uapi/linux/vfio.h): READ, WRITE and MMAP. */
export const READ_WRITE_MMAP = 7
const CAPS = 8
const INFO_SIZE = 32
const EINVAL = 22
const REGIONS = 9

/**
 * Answers VFIO_DEVICE_GET_REGION_INFO as vfio-pci does: a region that is not there has size 0; where argsz leaves no room for
 * the capabilities, it says how much they need and where they would be: nowhere.
 *
 * @returns 0 or the negative errno
 */
export function answerRegionInfo(
  regions: Readonly<Record<number, ScriptedRegion>>,
  argument: Uint8Array,
): number {
  const view = new DataView(argument.buffer, argument.byteOffset, argument.length)
  const argsz = view.getUint32(0, true)
  const index = view.getUint32(8, true)
  if (argsz < INFO_SIZE || index >= REGIONS) return -EINVAL
  const region = regions[index] ?? { flags: 0, size: 0, offset: index * 2 ** 40 }
  const { capabilities } = region
  view.setUint32(4, region.flags | (capabilities === undefined ? 0 : CAPS), true)
  view.setBigUint64(16, BigInt(region.size), true)
  view.setBigUint64(24, BigInt(region.offset), true)
  if (capabilities === undefined) return 0
  const needed = INFO_SIZE + capabilities.length
  if (argsz < needed) view.setUint32(0, needed, true)
  else argument.set(capabilities, INFO_SIZE)
  view.setUint32(12, argsz < needed ? 0 : INFO_SIZE, true)
  return 0
}

/** One capability: id, the offset of the next from the start of the struct, and what follows the header. */
export function capability(id: number, next: number, body: readonly number[] = []): Uint8Array {
  const bytes = new Uint8Array(8 + 4 * body.length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, id, true)
  view.setUint16(2, 1, true)
  view.setUint32(4, next, true)
  for (const [i, word] of body.entries()) view.setUint32(8 + 4 * i, word, true)
  return bytes
}

/** A sparse mmap capability, the last of its chain, whose areas are `[offset, size]`. */
export function sparse(
  areas: readonly (readonly [offset: number, size: number])[],
  count = areas.length,
): Uint8Array {
  const words = areas.flatMap(([offset, size]) => [offset, 0, size, 0])
  return capability(1, 0, [count, 0, ...words])
}
