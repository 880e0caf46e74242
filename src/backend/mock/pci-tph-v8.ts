import { E } from '../../abi/errno.ts'
import {
  PCI_TPH_DATA_OFFSET,
  VFIO_DEVICE_PCI_TPH,
  VFIO_PCI_TPH_DISABLE,
  VFIO_PCI_TPH_ENABLE,
  VFIO_PCI_TPH_GET_CAP,
  VFIO_PCI_TPH_GET_ST,
  VFIO_PCI_TPH_MODE_DS,
  VFIO_PCI_TPH_MODE_IV,
  VFIO_PCI_TPH_SET_ST,
  vfio_device_pci_tph_op,
  vfio_pci_tph_cap,
  vfio_pci_tph_ctrl,
} from '../../abi/pci-tph-v8.ts'
import { encodeTphControl } from '../../pci/tph-capability.ts'
import { type EmulatedFunction, isTphOn } from './emulated-function.ts'
import type { FaultCall } from './faults.ts'
import { putControl } from './kernel-tph.ts'
import type { Memory } from './memory.ts'
import { getSt, setSt } from './pci-tph-v8-entries.ts'

/** What an operation is called where it is to fail. */
const NAMES: ReadonlyMap<number, FaultCall> = new Map([
  [VFIO_PCI_TPH_GET_CAP, 'probe'],
  [VFIO_PCI_TPH_ENABLE, 'enable'],
  [VFIO_PCI_TPH_DISABLE, 'disable'],
  [VFIO_PCI_TPH_GET_ST, 'get'],
  [VFIO_PCI_TPH_SET_ST, 'set'],
])

const CHANGING: ReadonlySet<number> = new Set([
  VFIO_PCI_TPH_ENABLE,
  VFIO_PCI_TPH_DISABLE,
  VFIO_PCI_TPH_SET_ST,
])

/** Whether an ioctl is a VFIO_DEVICE_PCI_TPH that can change the memory of the function. */
export function changesPciTph(request: number, bytes: Uint8Array): boolean {
  const op = opOf(request, bytes)
  return op !== null && CHANGING.has(op)
}

/** The name under which a VFIO_DEVICE_PCI_TPH can be made to fail; null for others. */
export function nameOfPciTph(request: number, bytes: Uint8Array): FaultCall | null {
  const op = opOf(request, bytes)
  return op === null ? null : (NAMES.get(op) ?? null)
}

/**
 * VFIO_DEVICE_PCI_TPH, as the header has it and with what is assumed beside (`pciTphV8` in src/tph). Whoever fails before its entries
 * are gone through has changed nothing.
 *
 * @param bytes the caller's buffer; its end stands for the end of readable memory
 * @returns 0 or the negative errno
 */
export function pciTph(
  emulated: EmulatedFunction,
  memory: Memory,
  request: number,
  bytes: Uint8Array,
  possibleCpus: ReadonlySet<number>,
): number {
  if (request !== VFIO_DEVICE_PCI_TPH) return -E.ENOTTY
  if (bytes.length < vfio_device_pci_tph_op.size) return -E.EFAULT
  const { argsz, op } = vfio_device_pci_tph_op.decode(bytes)
  if (argsz < vfio_device_pci_tph_op.size || emulated.tph === null) return -E.EINVAL
  switch (op) {
    case VFIO_PCI_TPH_GET_CAP:
      return fits(bytes, argsz, vfio_pci_tph_cap.size) || getCap(emulated, bytes)
    case VFIO_PCI_TPH_ENABLE:
      return fits(bytes, argsz, vfio_pci_tph_ctrl.size) || enable(emulated, memory, bytes)
    case VFIO_PCI_TPH_DISABLE:
      putControl(emulated, memory, 0)
      return 0
    case VFIO_PCI_TPH_GET_ST:
      return getSt(emulated, memory, bytes, argsz, possibleCpus)
    case VFIO_PCI_TPH_SET_ST:
      return setSt(emulated, memory, bytes, argsz, possibleCpus)
    default:
      return -E.EINVAL
  }
}

/** Whether what an operation takes is there. @returns 0 or the negative errno */
export function fits(bytes: Uint8Array, argsz: number, size: number): number {
  if (argsz < PCI_TPH_DATA_OFFSET + size) return -E.EINVAL
  return bytes.length < PCI_TPH_DATA_OFFSET + size ? -E.EFAULT : 0
}

function getCap({ tph }: EmulatedFunction, bytes: Uint8Array): number {
  const iv = tph?.modes.includes('iv') ? VFIO_PCI_TPH_MODE_IV : 0
  const ds = tph?.modes.includes('ds') ? VFIO_PCI_TPH_MODE_DS : 0
  const cap = {
    supported_modes: iv | ds,
    reserved0: 0,
    st_table_sz: tph?.stEntries ?? 0,
    reserved: 0,
  }
  vfio_pci_tph_cap.encodeInto(bytes, PCI_TPH_DATA_OFFSET, cap)
  return 0
}

function enable(emulated: EmulatedFunction, memory: Memory, bytes: Uint8Array): number {
  const { mode: bit } = vfio_pci_tph_ctrl.decode(bytes, PCI_TPH_DATA_OFFSET)
  const reserved = bytes.subarray(
    PCI_TPH_DATA_OFFSET + 1,
    PCI_TPH_DATA_OFFSET + vfio_pci_tph_ctrl.size,
  )
  if (reserved.some((byte) => byte !== 0)) return -E.EINVAL
  if (bit !== VFIO_PCI_TPH_MODE_IV && bit !== VFIO_PCI_TPH_MODE_DS) return -E.EINVAL
  const mode = bit === VFIO_PCI_TPH_MODE_IV ? 'iv' : 'ds'
  if (!emulated.tph?.modes.includes(mode) || emulated.requester === 'off') return -E.EOPNOTSUPP
  if (isTphOn(emulated, memory)) return -E.EBUSY
  putControl(emulated, memory, encodeTphControl(mode, emulated.requester))
  return 0
}

function opOf(request: number, bytes: Uint8Array): number | null {
  if (request !== VFIO_DEVICE_PCI_TPH || bytes.length < vfio_device_pci_tph_op.size) return null
  return vfio_device_pci_tph_op.decode(bytes).op
}
