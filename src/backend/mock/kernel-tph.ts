import { E } from '../../abi/errno.ts'
import {
  CLEAR_ENTRY,
  TPH_ST_DATA_OFFSET,
  TPH_ST_OFFSET,
  VFIO_TPH_ST_MEM_TYPE_PM,
  vfio_device_feature_tph_st,
} from '../../abi/tph-st.ts'
import { PCI_TPH_CTRL, PCI_TPH_CTRL_REQ_EN_MASK } from '../../pci/regs.ts'
import { decodeTphControl, encodeTphControl, type StMode } from '../../pci/tph-capability.ts'
import { type EmulatedFunction, isTphOn, tableSlot } from './emulated-function.ts'
import type { Memory } from './memory.ts'
import { steeringTag } from './steering-tags.ts'

/**
 * SET and GET of TPH_ST with the checks the kernel makes after its framework's own, in its order (uapi section 1).
 * `bytes` is the caller's memory: what lies behind its end cannot be read.
 *
 * @returns 0 or the negative errno; a refused SET changed nothing
 */
export function tphSt(
  emulated: EmulatedFunction,
  memory: Memory,
  bytes: Uint8Array,
  argsz: number,
  op: 'get' | 'set',
  possibleCpus: ReadonlySet<number>,
): number {
  const { flags, index, count } = vfio_device_feature_tph_st.decode(bytes, TPH_ST_OFFSET)
  if ((flags & ~(op === 'set' ? VFIO_TPH_ST_MEM_TYPE_PM : 0)) !== 0) return -E.EINVAL
  if (count === 0 || index + count > emulated.entries) return -E.EINVAL
  if (argsz < TPH_ST_DATA_OFFSET + 4 * count) return -E.EINVAL
  if (bytes.length < TPH_ST_DATA_OFFSET + 4 * count) return -E.EFAULT
  const data = new DataView(bytes.buffer, bytes.byteOffset + TPH_ST_DATA_OFFSET, 4 * count)
  const kept = view(memory.kept)
  if (op === 'get') {
    for (let i = 0; i < count; i++)
      data.setUint32(4 * i, kept.getUint16(2 * (index + i), true), true)
    return 0
  }
  for (let i = 0; i < count; i++) {
    const cpu = data.getUint32(4 * i, true)
    if (cpu !== CLEAR_ENTRY && !possibleCpus.has(cpu)) return -E.EINVAL
  }
  const persistent = (flags & VFIO_TPH_ST_MEM_TYPE_PM) !== 0
  for (let i = 0; i < count; i++) {
    const cpu = data.getUint32(4 * i, true)
    const tag = cpu === CLEAR_ENTRY ? 0 : steeringTag(cpu, persistent, emulated.requester)
    kept.setUint16(2 * (index + i), tag, true)
  }
  if (isTphOn(emulated, memory)) pushTags(emulated, memory, index, count)
  return 0
}

/**
 * A write of the virtualised TPH control register. A requester field other than 0 turns TPH on with the kernel's own
 * type; a mode that the capability lacks changes nothing; mode bits written while it stays off are kept for a later write.
 */
export function writeControl(emulated: EmulatedFunction, memory: Memory, value: number): void {
  if (emulated.tph === null) return
  const { mode } = decodeTphControl(value)
  const on = (value & PCI_TPH_CTRL_REQ_EN_MASK) !== 0
  if (mode === 'reserved' || !(emulated.tph.modes.includes(mode) || (mode === 'none' && !on)))
    return
  if (on && emulated.requester === 'off') return
  const was = readControl(emulated, memory)
  const next = encodeTphControl(mode, on ? emulated.requester : 'off')
  putControl(emulated, memory, next)
  if (on && next !== was) pushTags(emulated, memory, 0, emulated.entries)
}

/**
 * A function reset: TPH off and the table in the capability empty; what the kernel keeps stays for the next enable. The MSI-X
 * table comes back as it was: the kernel restores vector control, tags included (`__pci_restore_msix_state`).
 */
export function resetTph(emulated: EmulatedFunction, memory: Memory): void {
  if (emulated.tph === null) return
  putControl(emulated, memory, 0)
  if (emulated.tph.stLocation !== 'capability') return
  for (let index = 0; index < emulated.entries; index++) writeSlot(emulated, memory, index, 0)
}

/** Writes the tags that waited for vectors of the MSI-X table, where TPH is on. */
export function pushWaitingTags(emulated: EmulatedFunction, memory: Memory): void {
  if (emulated.tph?.stLocation !== 'msix' || !isTphOn(emulated, memory)) return
  pushTags(emulated, memory, 0, emulated.entries)
}

/** Makes the control register this, whatever it was. */
export function putControl(emulated: EmulatedFunction, memory: Memory, value: number): void {
  if (emulated.tph === null) return
  view(memory.config).setUint32(emulated.tph.offset + PCI_TPH_CTRL, value, true)
}

/** The control register as config space shows it. */
export function readControl(emulated: EmulatedFunction, memory: Memory): number {
  if (emulated.tph === null) return 0
  return view(memory.config).getUint32(emulated.tph.offset + PCI_TPH_CTRL, true)
}

/** Writes kept tags into the function's own table, where it has one and the mode uses it. */
function pushTags(emulated: EmulatedFunction, memory: Memory, index: number, count: number): void {
  const mode: StMode | 'reserved' = decodeTphControl(readControl(emulated, memory)).mode
  if (mode === 'none' || mode === 'reserved') return
  const kept = view(memory.kept)
  for (let i = index; i < index + count; i++)
    writeSlot(emulated, memory, i, kept.getUint16(2 * i, true))
}

/** Vectors that are not allocated are left alone, as Linux does. @returns whether there was anything to write to */
export function writeSlot(
  emulated: EmulatedFunction,
  memory: Memory,
  index: number,
  tag: number,
): boolean {
  const slot = tableSlot(emulated, index)
  if (slot === null || (slot.region === 'msix' && memory.vectors[index] !== 1)) return false
  view(memory[slot.region]).setUint16(slot.offset, tag, true)
  return true
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
