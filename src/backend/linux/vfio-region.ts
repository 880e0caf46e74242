import type { Libc } from '../../../native-shims/libc.ts'
import {
  VFIO_DEVICE_GET_REGION_INFO,
  VFIO_REGION_INFO_CAP_SPARSE_MMAP,
  VFIO_REGION_INFO_FLAG_CAPS,
  VFIO_REGION_INFO_FLAG_MMAP,
  vfio_info_cap_header,
  vfio_region_info,
  vfio_region_info_cap_sparse_mmap,
  vfio_region_sparse_mmap_area,
} from '../../abi/vfio.ts'

/** A stretch of a region, in bytes from its start. */
export interface Area {
  readonly offset: number
  readonly size: number
}

/** A part of a device's file: config space or a BAR. */
export interface Region {
  /** Where it begins in the file. */
  readonly offset: number
  readonly size: number
  /** What of it can be mapped. */
  readonly mappable: readonly Area[]
}

/** More than any kernel says about a region. */
const MOST_BYTES = 65_536

/** Capabilities of a region; more than a kernel has is a chain without end. */
const MOST_CAPABILITIES = 16

/**
 * Asks where a region of the device lies (VFIO_DEVICE_GET_REGION_INFO), its capabilities included.
 *
 * @returns the region, or the positive errno
 */
export function readRegion(libc: Libc, fd: number, index: number): Region | number {
  const first = ask(libc, fd, index, vfio_region_info.size)
  if (typeof first === 'number') return first
  const needed = vfio_region_info.decode(first).argsz
  const whole = needed > first.length ? ask(libc, fd, index, Math.min(needed, MOST_BYTES)) : first
  return typeof whole === 'number' ? whole : decodeRegion(whole)
}

/** Whether a stretch lies wholly within what can be mapped. */
export function isMappable({ mappable }: Region, offset: number, length: number): boolean {
  return mappable.some(
    (area) => area.offset <= offset && offset + length <= area.offset + area.size,
  )
}

function ask(libc: Libc, fd: number, index: number, argsz: number): Uint8Array | number {
  const bytes = new Uint8Array(argsz)
  const asked = { argsz, flags: 0, index, cap_offset: 0, size: 0n, offset: 0n }
  vfio_region_info.encodeInto(bytes, 0, asked)
  const result = libc.ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, bytes)
  return result < 0 ? -result : bytes
}

function decodeRegion(bytes: Uint8Array): Region {
  const { flags, cap_offset, size, offset } = vfio_region_info.decode(bytes)
  const region = { offset: Number(offset), size: Number(size) }
  if ((flags & VFIO_REGION_INFO_FLAG_MMAP) === 0) return { ...region, mappable: [] }
  const sparse = (flags & VFIO_REGION_INFO_FLAG_CAPS) === 0 ? null : sparseAreas(bytes, cap_offset)
  return { ...region, mappable: sparse ?? [{ offset: 0, size: region.size }] }
}

/**
 * The areas of the sparse mmap capability; null without one: then all of the region can be mapped. None where the chain is cut off
 * or does not end: then nobody knows.
 */
function sparseAreas(bytes: Uint8Array, first: number): Area[] | null {
  let at = first
  for (let i = 0; i < MOST_CAPABILITIES && fits(bytes, at, vfio_info_cap_header.size); i++) {
    const { id, next } = vfio_info_cap_header.decode(bytes, at)
    if (id === VFIO_REGION_INFO_CAP_SPARSE_MMAP) return decodeAreas(bytes, at)
    if (next === 0) return null
    at = next
  }
  return []
}

/** Whether so many bytes are there behind the struct itself. */
function fits(bytes: Uint8Array, at: number, size: number): boolean {
  return at >= vfio_region_info.size && at + size <= bytes.length
}

function decodeAreas(bytes: Uint8Array, at: number): Area[] {
  if (!fits(bytes, at, vfio_region_info_cap_sparse_mmap.size)) return []
  const { nr_areas } = vfio_region_info_cap_sparse_mmap.decode(bytes, at)
  const start = at + vfio_region_info_cap_sparse_mmap.size
  const room = Math.floor((bytes.length - start) / vfio_region_sparse_mmap_area.size)
  return Array.from({ length: Math.min(nr_areas, room) }, (_, i) => {
    const area = vfio_region_sparse_mmap_area.decode(
      bytes,
      start + i * vfio_region_sparse_mmap_area.size,
    )
    return { offset: Number(area.offset), size: Number(area.size) }
  })
}
