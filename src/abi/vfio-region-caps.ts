// Names, order and values follow include/uapi/linux/vfio.h: the capabilities behind a vfio_region_info.
import { struct, u16, u32, u64 } from './codec.ts'

/** How every capability begins: next is the offset of the one behind it, 0 at the end. */
export const vfio_info_cap_header = struct('vfio_info_cap_header', 8, {
  id: u16,
  version: u16,
  next: u32,
})
/** Id of the capability that lists what of a region can be mapped. */
export const VFIO_REGION_INFO_CAP_SPARSE_MMAP = 1

/** The fixed part of the sparse mmap capability, its header spelled out; nr_areas areas follow. */
export const vfio_region_info_cap_sparse_mmap = struct('vfio_region_info_cap_sparse_mmap', 16, {
  id: u16,
  version: u16,
  next: u32,
  nr_areas: u32,
  _reserved: u32,
})

/** A part of a region that can be mapped: offset from the region's start and size, in bytes. */
export const vfio_region_sparse_mmap_area = struct('vfio_region_sparse_mmap_area', 16, {
  offset: u64,
  size: u64,
})
