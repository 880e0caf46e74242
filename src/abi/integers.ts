/** How one C integer lies in memory; always little-endian. */
export interface FieldType<T extends number | bigint> {
  /** Bytes; also its alignment. */
  readonly size: number
  /** The smallest value it holds. */
  readonly min: T
  /** The largest value it holds. */
  readonly max: T
  read(view: DataView, at: number): T
  write(view: DataView, at: number, value: T): void
}

/** C `__u8`. */
export const u8: FieldType<number> = {
  size: 1,
  min: 0,
  max: 0xff,
  read: (view, at) => view.getUint8(at),
  write: (view, at, value) => view.setUint8(at, value),
}

/** C `__u16`. */
export const u16: FieldType<number> = {
  size: 2,
  min: 0,
  max: 0xffff,
  read: (view, at) => view.getUint16(at, true),
  write: (view, at, value) => view.setUint16(at, value, true),
}

/** C `__u32`. */
export const u32: FieldType<number> = {
  size: 4,
  min: 0,
  max: 0xffff_ffff,
  read: (view, at) => view.getUint32(at, true),
  write: (view, at, value) => view.setUint32(at, value, true),
}

/** C `__s32`. */
export const s32: FieldType<number> = {
  size: 4,
  min: -0x8000_0000,
  max: 0x7fff_ffff,
  read: (view, at) => view.getInt32(at, true),
  write: (view, at, value) => view.setInt32(at, value, true),
}

/** C `__u64`; a bigint, since a number would lose bits. */
export const u64: FieldType<bigint> = {
  size: 8,
  min: 0n,
  max: 0xffff_ffff_ffff_ffffn,
  read: (view, at) => view.getBigUint64(at, true),
  write: (view, at, value) => view.setBigUint64(at, value, true),
}

/**
 * Refuses a value that `type` cannot hold exactly.
 *
 * @param what names the value in the message, such as `vfio_group_status.argsz`
 * @throws RangeError when out of range, fractional, NaN or of another type
 */
export function checkField<T extends number | bigint>(
  what: string,
  type: FieldType<T>,
  value: T,
): void {
  const whole = typeof value === 'bigint' || Number.isInteger(value)
  if (whole && typeof value === typeof type.min && value >= type.min && value <= type.max) return
  throw new RangeError(
    `Cannot encode ${what}: ${String(value)} is not an integer of ${type.min} to ${type.max}`,
  )
}

/** A view of all of `bytes`, also where they are a part of a larger buffer. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
