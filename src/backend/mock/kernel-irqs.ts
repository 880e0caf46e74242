import { E } from '../../abi/errno.ts'
import {
  PCI_MSIX_ENTRY_CTRL_MASKBIT,
  PCI_MSIX_ENTRY_SIZE,
  PCI_MSIX_ENTRY_VECTOR_CTRL,
  PCI_MSIX_FLAGS,
  PCI_MSIX_FLAGS_ENABLE,
} from '../../pci/regs.ts'
import type { EmulatedFunction } from './emulated-function.ts'
import type { Memory } from './memory.ts'

/** Kinds of interrupts of a PCI device: INTx, MSI, MSI-X, error, request. */
export const VFIO_PCI_NUM_IRQS = 5

const VFIO_PCI_MSIX_IRQ_INDEX = 2
const U32_MAX = 0xffff_ffff

/** struct vfio_irq_set up to its data; the program itself never sends it, so src/abi has no mirror. */
const IRQ_SET_MINSZ = 20
const DATA_NONE = 1 << 0
const DATA_BOOL = 1 << 1
const DATA_EVENTFD = 1 << 2
const DATA_TYPE_MASK = DATA_NONE | DATA_BOOL | DATA_EVENTFD
const ACTION_TRIGGER = 1 << 5
const ACTION_TYPE_MASK = (1 << 3) | (1 << 4) | ACTION_TRIGGER
const BYTES_A_VECTOR: ReadonlyMap<number, number> = new Map([
  [DATA_NONE, 0],
  [DATA_BOOL, 1],
  [DATA_EVENTFD, 4],
])

/**
 * VFIO_DEVICE_SET_IRQS for MSI-X, as vfio_pci_intrs.c of Linux 7.3 has it: the first eventfds turn MSI-X on and allocate every
 * vector up to the last of them, later ones allocate their own; none turns it off. Which eventfd it is does not matter
 * here: no interrupt ever comes. Other kinds of interrupts are not emulated.
 *
 * @param bytes the caller's buffer; its end stands for the end of readable memory
 * @returns 0 or the negative errno
 */
export function setIrqs(emulated: EmulatedFunction, memory: Memory, bytes: Uint8Array): number {
  if (bytes.length < IRQ_SET_MINSZ) return -E.EFAULT
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const [argsz = 0, flags = 0, index = 0, start = 0, count = 0] = [0, 4, 8, 12, 16].map((at) =>
    view.getUint32(at, true),
  )
  if (argsz < IRQ_SET_MINSZ || index >= VFIO_PCI_NUM_IRQS || count >= U32_MAX - start)
    return -E.EINVAL
  if ((flags & ~(DATA_TYPE_MASK | ACTION_TYPE_MASK)) !== 0) return -E.EINVAL
  if (index !== VFIO_PCI_MSIX_IRQ_INDEX) return -E.ENOTTY
  const vectors = memory.vectors.length
  if (start >= vectors || start + count > vectors) return -E.EINVAL
  const size = BYTES_A_VECTOR.get(flags & DATA_TYPE_MASK)
  if (size === undefined || argsz - IRQ_SET_MINSZ < count * size) return -E.EINVAL
  if (bytes.length < IRQ_SET_MINSZ + count * size) return -E.EFAULT
  if ((flags & ACTION_TYPE_MASK) !== ACTION_TRIGGER) return -E.ENOTTY
  const isOn = isMsixOn(emulated, memory)
  if ((flags & DATA_EVENTFD) === 0) {
    if (!isOn) return -E.EINVAL
    if (count === 0 && (flags & DATA_NONE) !== 0) freeVectors(emulated, memory)
    return 0
  }
  if (!isOn && start + count === 0) return -E.ERANGE
  if (!isOn) allocateFirst(emulated, memory, start + count)
  for (let i = 0; i < count; i++) {
    if (view.getInt32(IRQ_SET_MINSZ + 4 * i, true) >= 0) memory.vectors[start + i] = 1
  }
  return 0
}

/** All vectors are masked first, which wipes what else was in vector control (`msix_mask_all`). */
function allocateFirst(emulated: EmulatedFunction, memory: Memory, count: number): void {
  const table = new DataView(memory.msix.buffer, memory.msix.byteOffset, memory.msix.length)
  for (let at = PCI_MSIX_ENTRY_VECTOR_CTRL; at < memory.msix.length; at += PCI_MSIX_ENTRY_SIZE)
    table.setUint32(at, PCI_MSIX_ENTRY_CTRL_MASKBIT, true)
  memory.vectors.fill(1, 0, count)
  switchMsix(emulated, memory, true)
}

function freeVectors(emulated: EmulatedFunction, memory: Memory): void {
  memory.vectors.fill(0)
  switchMsix(emulated, memory, false)
}

/** Whether MSI-X is on as the function's config space says. */
export function isMsixOn({ msix }: EmulatedFunction, { config }: Memory): boolean {
  const flags = msix === null ? 0 : (config[msix.offset + PCI_MSIX_FLAGS + 1] ?? 0)
  return (flags & (PCI_MSIX_FLAGS_ENABLE >>> 8)) !== 0
}

function switchMsix({ msix }: EmulatedFunction, { config }: Memory, on: boolean): void {
  if (msix === null) return
  const view = new DataView(config.buffer, config.byteOffset, config.length)
  const at = msix.offset + PCI_MSIX_FLAGS
  const others = view.getUint16(at, true) & ~PCI_MSIX_FLAGS_ENABLE
  view.setUint16(at, on ? others | PCI_MSIX_FLAGS_ENABLE : others, true)
}
