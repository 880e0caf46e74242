import { E } from '../../abi/errno.ts'
import {
  VFIO_PCI_CONFIG_REGION_INDEX,
  VFIO_REGION_INFO_FLAG_CAPS,
  VFIO_REGION_INFO_FLAG_MMAP,
  VFIO_REGION_INFO_FLAG_READ,
  VFIO_REGION_INFO_FLAG_WRITE,
  vfio_info_cap_header,
  vfio_region_info,
} from '../../abi/vfio.ts'
import { ConfigSpace } from '../../pci/config-space.ts'
import {
  PCI_MSIX_ENTRY_SIZE,
  PCI_MSIX_TABLE,
  PCI_MSIX_TABLE_BIR,
  PCI_MSIX_TABLE_OFFSET,
} from '../../pci/regs.ts'
import type { EmulatedFunction } from './emulated-function.ts'
import type { Memory } from './memory.ts'

/** Regions of a PCI device: six BARs, ROM, config space, VGA. */
export const VFIO_PCI_NUM_REGIONS = 9

/** vfio-pci's region offsets: the region index above bit 40. */
const VFIO_PCI_OFFSET_SHIFT = 40n
const VFIO_PCI_VGA_REGION_INDEX = 8
/** argsz that VFIO_DEVICE_GET_REGION_INFO asks for at least (offsetofend in vfio_main.c). */
const REGION_INFO_MINSZ = 32
/** A capability without data: the MSI-X table may be mapped with the rest of its BAR. */
const VFIO_REGION_INFO_CAP_MSIX_MAPPABLE = 3

const SMALLEST_BAR = 4096
const PCI_MSIX_PBA = PCI_MSIX_TABLE + 4
const PENDING_BITS_A_BYTE = 8
const READ_WRITE = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE

/**
 * VFIO_DEVICE_GET_REGION_INFO. There are config space and the BAR that holds the MSI-X table; all others have size 0, for a dump
 * does not tell theirs.
 *
 * @param bytes the caller's buffer; its end stands for the end of readable memory
 * @returns 0 or the negative errno
 */
export function regionInfo(emulated: EmulatedFunction, memory: Memory, bytes: Uint8Array): number {
  if (bytes.length < REGION_INFO_MINSZ) return -E.EFAULT
  const asked = vfio_region_info.decode(bytes)
  const { index } = asked
  if (asked.argsz < REGION_INFO_MINSZ) return -E.EINVAL
  if (index >= VFIO_PCI_NUM_REGIONS || index === VFIO_PCI_VGA_REGION_INDEX) return -E.EINVAL
  const offset = BigInt(index) << VFIO_PCI_OFFSET_SHIFT
  const info = { ...asked, flags: 0, size: 0n, offset }
  if (index === VFIO_PCI_CONFIG_REGION_INDEX) {
    const size = BigInt(memory.config.length)
    vfio_region_info.encodeInto(bytes, 0, { ...info, flags: READ_WRITE, size })
  } else if (index === emulated.msix?.bar) {
    return barInfo(bytes, { ...info, size: BigInt(barSize(emulated, memory)) })
  } else {
    vfio_region_info.encodeInto(bytes, 0, info)
  }
  return 0
}

type RegionInfo = ReturnType<typeof vfio_region_info.decode>

function barInfo(bytes: Uint8Array, info: RegionInfo): number {
  const flags = READ_WRITE | VFIO_REGION_INFO_FLAG_MMAP | VFIO_REGION_INFO_FLAG_CAPS
  const end = REGION_INFO_MINSZ + vfio_info_cap_header.size
  const hasRoom = info.argsz >= end
  if (hasRoom && bytes.length < end) return -E.EFAULT
  const place = hasRoom ? { cap_offset: REGION_INFO_MINSZ } : { argsz: end, cap_offset: 0 }
  vfio_region_info.encodeInto(bytes, 0, { ...info, flags, ...place })
  if (!hasRoom) return 0
  const capability = { id: VFIO_REGION_INFO_CAP_MSIX_MAPPABLE, version: 1, next: 0 }
  vfio_info_cap_header.encodeInto(bytes, REGION_INFO_MINSZ, capability)
  return 0
}

/** The power of two that holds what the MSI-X capability says is there. */
function barSize({ msix }: EmulatedFunction, memory: Memory): number {
  if (msix === null) return 0
  const tableEnd = msix.tableOffset + msix.entries * PCI_MSIX_ENTRY_SIZE
  const config = new ConfigSpace(memory.config)
  const pending = config.has(msix.offset + PCI_MSIX_PBA, 4)
    ? config.u32(msix.offset + PCI_MSIX_PBA)
    : msix.bar + 1
  const pendingEnd =
    (pending & PCI_MSIX_TABLE_BIR) === msix.bar
      ? ((pending & PCI_MSIX_TABLE_OFFSET) >>> 0) + Math.ceil(msix.entries / PENDING_BITS_A_BYTE)
      : 0
  return 2 ** Math.ceil(Math.log2(Math.max(SMALLEST_BAR, tableEnd, pendingEnd)))
}
