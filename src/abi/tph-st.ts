// struct vfio_device_feature_tph_st as proposed on the kvm list; not in <linux/vfio.h> yet.
import { checkField, struct, u16, u32, viewOf } from './codec.ts'
import {
  VFIO_DEVICE_FEATURE_GET,
  VFIO_DEVICE_FEATURE_PROBE,
  VFIO_DEVICE_FEATURE_SET,
  vfio_device_feature,
} from './vfio-feature.ts'

/** Bit of tph_st.flags: the memory is persistent; clear means volatile. */
export const VFIO_TPH_ST_MEM_TYPE_PM = 1 << 0

/** The default feature index. Not allotted upstream: a later kernel may mean something else by it. */
export const VFIO_DEVICE_FEATURE_TPH_ST = 14

/** Feature indexes below this one (0 to 13) are other features in Linux 7.3. */
export const TAKEN_FEATURE_INDEXES = 14

/** Entries one GET or SET may have at most: as many as an MSI-X table. */
export const MAX_ST_ENTRIES = 2048

/** Data on SET that clears an entry instead of naming a CPU (U32_MAX). */
export const CLEAR_ENTRY = 0xffffffff

/**
 * The feature's data after the `vfio_device_feature` header: index is the first ST table entry,
 * count the number of entries; count u32 follow it (CPU numbers on SET, tags on GET).
 */
export const vfio_device_feature_tph_st = struct('vfio_device_feature_tph_st', 8, {
  flags: u32,
  index: u16,
  count: u16,
})

/** Offset in bytes of tph_st in the ioctl's argument. */
export const TPH_ST_OFFSET = vfio_device_feature.size

/** Offset in bytes of tph_st.data, u32 each, in the ioctl's argument. */
export const TPH_ST_DATA_OFFSET = TPH_ST_OFFSET + vfio_device_feature_tph_st.size

/** What can be done with the feature beside probing it. */
export type FeatureOp = 'get' | 'set'

/** A run of ST table entries: the first one and how many. */
export interface StRange {
  readonly index: number
  readonly count: number
}

/** One SET: data holds the CPU number of each entry from index on, or CLEAR_ENTRY. */
export interface StSet {
  readonly index: number
  /** The memory type of all of them: persistent (pm) or volatile (vm). */
  readonly persistent: boolean
  readonly data: ArrayLike<number>
}

/** A GET came back without the header it was sent with: what answered is not TPH_ST. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
}

const OP_FLAGS = { get: VFIO_DEVICE_FEATURE_GET, set: VFIO_DEVICE_FEATURE_SET } as const

/**
 * The argument that asks whether the feature and all of `ops` are there: 8 bytes.
 *
 * @throws RangeError when the feature index is not a u16
 */
export function encodeProbe(featureIndex: number, ops: readonly FeatureOp[]): Uint8Array {
  const flags = ops.reduce((bits, op) => bits | OP_FLAGS[op], VFIO_DEVICE_FEATURE_PROBE)
  return encodeFeature(featureIndex, flags, vfio_device_feature.size)
}

/**
 * The argument that reads the tags of `range`: 16 + 4 × count bytes, data zero.
 *
 * @throws RangeError when the feature index is not a u16, count not 1 to 2048, or the range
 *   goes beyond entry 65535
 */
export function encodeGet(featureIndex: number, range: StRange): Uint8Array {
  return encodeTphSt(featureIndex, VFIO_DEVICE_FEATURE_GET, 0, range)
}

/**
 * The tags in the kernel's reply to `encodeGet` of the same range, one an entry, as they came.
 *
 * @throws ShapeError when tph_st's flags, index or count are not those sent
 * @throws RangeError when the range is not one to ask for or the reply too short for it
 */
export function decodeTags(reply: Uint8Array, range: StRange): Uint32Array {
  checkRange(range)
  const { flags, index, count } = vfio_device_feature_tph_st.decode(reply, TPH_ST_OFFSET)
  if (flags !== 0 || index !== range.index || count !== range.count) {
    throw new ShapeError(
      `Cannot decode tags: sent flags 0 index ${range.index} count ${range.count}, ` +
        `got flags ${flags} index ${index} count ${count}`,
    )
  }
  const view = viewOf(reply)
  const tags = new Uint32Array(count)
  for (let i = 0; i < count; i++) tags[i] = u32.read(view, TPH_ST_DATA_OFFSET + 4 * i)
  return tags
}

/**
 * The argument that programs entries: 16 + 4 × data.length bytes.
 *
 * @throws RangeError as `encodeGet`, and when a datum is not a u32
 */
export function encodeSet(featureIndex: number, set: StSet): Uint8Array {
  const flags = set.persistent ? VFIO_TPH_ST_MEM_TYPE_PM : 0
  const range = { index: set.index, count: set.data.length }
  const bytes = encodeTphSt(featureIndex, VFIO_DEVICE_FEATURE_SET, flags, range)
  const view = viewOf(bytes)
  for (let i = 0; i < range.count; i++) {
    const cpu = set.data[i] ?? Number.NaN
    if (!isU32(cpu)) checkField(`${vfio_device_feature_tph_st.name}.data[${i}]`, u32, cpu)
    u32.write(view, TPH_ST_DATA_OFFSET + 4 * i, cpu)
  }
  return bytes
}

/** Hot: spares the name of each datum, which only the error is for. */
function isU32(value: number): boolean {
  return value >>> 0 === value
}

function encodeTphSt(featureIndex: number, op: number, flags: number, range: StRange): Uint8Array {
  checkRange(range)
  const bytes = encodeFeature(featureIndex, op, TPH_ST_DATA_OFFSET + 4 * range.count)
  const { index, count } = range
  vfio_device_feature_tph_st.encodeInto(bytes, TPH_ST_OFFSET, { flags, index, count })
  return bytes
}

function encodeFeature(featureIndex: number, flags: number, argsz: number): Uint8Array {
  checkField('feature index', u16, featureIndex)
  const bytes = new Uint8Array(argsz)
  vfio_device_feature.encodeInto(bytes, 0, { argsz, flags: flags | featureIndex })
  return bytes
}

function checkRange({ index, count }: StRange): void {
  checkField(`${vfio_device_feature_tph_st.name}.index`, u16, index)
  checkField(`${vfio_device_feature_tph_st.name}.count`, u16, count)
  if (count >= 1 && count <= MAX_ST_ENTRIES && index + count <= 0x10000) return
  throw new RangeError(
    `Cannot encode ${vfio_device_feature_tph_st.name}: index ${index} count ${count} is not ` +
      `1 to ${MAX_ST_ENTRIES} entries below 65536`,
  )
}
