import { type StructValue, viewOf } from './codec.ts'
import {
  PCI_TPH_DATA_OFFSET,
  PCI_TPH_ENTRIES_OFFSET,
  VFIO_PCI_TPH_DISABLE,
  VFIO_PCI_TPH_ENABLE,
  VFIO_PCI_TPH_GET_CAP,
  VFIO_PCI_TPH_MAX_ENTRIES,
  vfio_device_pci_tph_op,
  vfio_pci_tph_cap,
  vfio_pci_tph_ctrl,
  vfio_pci_tph_entry,
  vfio_pci_tph_st,
} from './pci-tph-v8.ts'

/** What GET_CAP says. */
export type PciTphCap = StructValue<typeof vfio_pci_tph_cap>

/** What GET_ST or SET_ST is told of one entry. */
export interface PciTphEntry {
  /** A CPU, or CLEAR_CPU. */
  readonly cpu: number
  /** VFIO_PCI_TPH_MEM_TYPE_*. */
  readonly memType: number
  /** Of the ST table; GET_ST does not look at it. */
  readonly index: number
}

/** A reply whose header is not the one that was sent: what answered is no VFIO_DEVICE_PCI_TPH. */
export class PciTphShapeError extends Error {
  override readonly name = 'PciTphShapeError'
}

/** The argument of GET_CAP: 16 bytes, those of the reply all ones, so that what is not written shows. */
export function encodeGetCap(): Uint8Array {
  const bytes = withHeader(VFIO_PCI_TPH_GET_CAP, vfio_pci_tph_cap.size)
  return bytes.fill(0xff, PCI_TPH_DATA_OFFSET)
}

/**
 * The reply to `encodeGetCap`.
 *
 * @throws PciTphShapeError when argsz or op are not those sent, or a reserved field is not zero
 */
export function decodeGetCap(reply: Uint8Array): PciTphCap {
  checkHeader(reply, VFIO_PCI_TPH_GET_CAP)
  const cap = vfio_pci_tph_cap.decode(reply, PCI_TPH_DATA_OFFSET)
  if (cap.reserved0 === 0 && cap.reserved === 0) return cap
  throw new PciTphShapeError('reserved fields that are not zero')
}

/** The argument of ENABLE: 16 bytes. @param mode VFIO_PCI_TPH_MODE_* */
export function encodeEnable(mode: number): Uint8Array {
  const bytes = withHeader(VFIO_PCI_TPH_ENABLE, vfio_pci_tph_ctrl.size)
  vfio_pci_tph_ctrl.encodeInto(bytes, PCI_TPH_DATA_OFFSET, { mode })
  return bytes
}

/** The argument of DISABLE, which takes nothing: 16 bytes, as many as C makes of the whole structure. */
export function encodeDisable(): Uint8Array {
  return withHeader(VFIO_PCI_TPH_DISABLE, vfio_pci_tph_ctrl.size)
}

/**
 * The argument of GET_ST or SET_ST: 16 + 12 × entries bytes.
 *
 * @param op VFIO_PCI_TPH_GET_ST or VFIO_PCI_TPH_SET_ST
 * @throws RangeError when there are not 1 to 2048 entries, or a value does not fit its field
 */
export function encodeEntries(op: number, entries: readonly PciTphEntry[]): Uint8Array {
  if (entries.length < 1 || entries.length > VFIO_PCI_TPH_MAX_ENTRIES) {
    throw new RangeError(
      `Cannot encode ${vfio_pci_tph_st.name}: ${entries.length} is not 1 to ${VFIO_PCI_TPH_MAX_ENTRIES} entries`,
    )
  }
  const size = vfio_pci_tph_st.size + vfio_pci_tph_entry.size * entries.length
  const bytes = withHeader(op, size)
  vfio_pci_tph_st.encodeInto(bytes, PCI_TPH_DATA_OFFSET, { count: entries.length, reserved: 0 })
  for (const [i, { cpu, memType, index }] of entries.entries()) {
    const fields = { cpu, mem_type: memType, reserved0: 0, index, st: 0, reserved1: 0 }
    vfio_pci_tph_entry.encodeInto(bytes, entryOffset(i), fields)
  }
  return bytes
}

/**
 * The tags in the reply to GET_ST, one an entry.
 *
 * @param op the one that was sent
 * @param count how many entries were sent
 * @throws PciTphShapeError when argsz, op or count are not those sent
 */
export function decodeTags(reply: Uint8Array, op: number, count: number): number[] {
  checkHeader(reply, op)
  const st = vfio_pci_tph_st.decode(reply, PCI_TPH_DATA_OFFSET)
  if (st.count !== count) throw new PciTphShapeError(`count ${st.count} where ${count} was sent`)
  return Array.from(
    { length: count },
    (_, i) => vfio_pci_tph_entry.decode(reply, entryOffset(i)).st,
  )
}

/** Offset in bytes of an entry in the ioctl's argument. */
export function entryOffset(i: number): number {
  return PCI_TPH_ENTRIES_OFFSET + vfio_pci_tph_entry.size * i
}

function withHeader(op: number, size: number): Uint8Array {
  const argsz = vfio_device_pci_tph_op.size + size
  const bytes = new Uint8Array(argsz)
  vfio_device_pci_tph_op.encodeInto(bytes, 0, { argsz, op })
  return bytes
}

function checkHeader(reply: Uint8Array, sent: number): void {
  const { argsz, op } = vfio_device_pci_tph_op.decode(reply)
  if (argsz === viewOf(reply).byteLength && op === sent) return
  throw new PciTphShapeError('another header than it was sent')
}
