import { E } from '../../abi/errno.ts'
import {
  CLEAR_CPU,
  PCI_TPH_DATA_OFFSET,
  PCI_TPH_ENTRIES_OFFSET,
  VFIO_PCI_TPH_MAX_ENTRIES,
  VFIO_PCI_TPH_MEM_TYPE_PM,
  vfio_pci_tph_entry,
  vfio_pci_tph_st,
} from '../../abi/pci-tph-v8.ts'
import { decodeTphControl } from '../../pci/tph-capability.ts'
import { type EmulatedFunction, isTphOn } from './emulated-function.ts'
import { readControl, writeSlot } from './kernel-tph.ts'
import type { Memory } from './memory.ts'
import { steeringTag } from './steering-tags.ts'

type Entry = ReturnType<typeof vfio_pci_tph_entry.decode>

/** GET_ST: fills in the tags of all entries, or of none. @returns 0 or the negative errno */
export function getSt(
  emulated: EmulatedFunction,
  memory: Memory,
  bytes: Uint8Array,
  argsz: number,
  possibleCpus: ReadonlySet<number>,
): number {
  if (!emulated.tph?.modes.includes('ds')) return -E.EOPNOTSUPP
  const entries = readEntries(bytes, argsz)
  if (typeof entries === 'number') return entries
  if (!isTphOn(emulated, memory)) return -E.EINVAL
  if (decodeTphControl(readControl(emulated, memory)).mode !== 'ds') return -E.EINVAL
  if (!entries.every((entry) => isSound(entry) && possibleCpus.has(entry.cpu))) return -E.EINVAL
  for (const [i, entry] of entries.entries()) {
    vfio_pci_tph_entry.encodeInto(bytes, offsetOf(i), { ...entry, st: tagOf(entry, emulated) })
  }
  return 0
}

/**
 * SET_ST: programs entries in the order of the call. One that fails leaves 0 in those before it.
 *
 * @returns 0 or the negative errno
 */
export function setSt(
  emulated: EmulatedFunction,
  memory: Memory,
  bytes: Uint8Array,
  argsz: number,
  possibleCpus: ReadonlySet<number>,
): number {
  if (emulated.tph === null || emulated.tph.stEntries === 0) return -E.EOPNOTSUPP
  const entries = readEntries(bytes, argsz)
  if (typeof entries === 'number') return entries
  if (!isTphOn(emulated, memory)) return -E.EINVAL
  for (const [i, entry] of entries.entries()) {
    const result = setOne(emulated, memory, entry, possibleCpus)
    if (result === 0) continue
    for (const { index } of entries.slice(0, i)) writeSlot(emulated, memory, index, 0)
    return result
  }
  return 0
}

function setOne(
  emulated: EmulatedFunction,
  memory: Memory,
  entry: Entry,
  possibleCpus: ReadonlySet<number>,
): number {
  const { index, cpu } = entry
  if (!isSound(entry) || index >= emulated.entries) return -E.EINVAL
  if (cpu !== CLEAR_CPU && !possibleCpus.has(cpu)) return -E.EINVAL
  const tag = cpu === CLEAR_CPU ? 0 : tagOf(entry, emulated)
  return writeSlot(emulated, memory, index, tag) ? 0 : -E.ENXIO
}

/** The entries of a call, or the negative errno. */
function readEntries(bytes: Uint8Array, argsz: number): Entry[] | number {
  if (argsz < PCI_TPH_ENTRIES_OFFSET) return -E.EINVAL
  if (bytes.length < PCI_TPH_ENTRIES_OFFSET) return -E.EFAULT
  const { count, reserved } = vfio_pci_tph_st.decode(bytes, PCI_TPH_DATA_OFFSET)
  if (reserved !== 0 || count === 0 || count > VFIO_PCI_TPH_MAX_ENTRIES) return -E.EINVAL
  if (argsz < offsetOf(count)) return -E.EINVAL
  if (bytes.length < offsetOf(count)) return -E.EFAULT
  return Array.from({ length: count }, (_, i) => vfio_pci_tph_entry.decode(bytes, offsetOf(i)))
}

function isSound({ mem_type, reserved0, reserved1 }: Entry): boolean {
  return mem_type <= VFIO_PCI_TPH_MEM_TYPE_PM && reserved0 === 0 && reserved1 === 0
}

function tagOf({ cpu, mem_type }: Entry, { requester }: EmulatedFunction): number {
  return steeringTag(cpu, mem_type === VFIO_PCI_TPH_MEM_TYPE_PM, requester)
}

function offsetOf(i: number): number {
  return PCI_TPH_ENTRIES_OFFSET + vfio_pci_tph_entry.size * i
}
