import { MAX_ST_ENTRIES } from '../../abi/tph-st.ts'
import type { Bdf } from '../../args/bdf.ts'
import { ConfigSpace } from '../../pci/config-space.ts'
import { type Completer, isIntegrated } from '../../pci/express.ts'
import { findMsix, type Msix } from '../../pci/msix.ts'
import { PCI_MSIX_ENTRY_SIZE, PCI_MSIX_ENTRY_VECTOR_CTRL, PCI_TPH_CTRL } from '../../pci/regs.ts'
import {
  decodeTphControl,
  findTph,
  type RequesterType,
  type TphCapability,
} from '../../pci/tph-capability.ts'
import type { Memory } from './memory.ts'

/** What a mock host says about one of its functions. */
export interface FunctionDescription {
  readonly bdf: Bdf
  /** Config space as it is before anybody touched it: 64, 256 or 4096 bytes, or as many as a dump has. May be made when asked for. */
  readonly config: Uint8Array
  /** The bus below it; null for what is no bridge, 0 for one without. */
  readonly secondaryBus: number | null
  readonly driver: string | null
  readonly numaNode: number | null
  readonly iommuGroup: number | null
  /** Whether the emulated owner holds it open. */
  readonly owned: boolean
}

/** A function of an emulated host: what is fixed about it, and its memory before anything changed. */
export interface EmulatedFunction extends FunctionDescription {
  readonly tph: TphCapability | null
  readonly msix: Msix | null
  /** The root port's completer; null when the host has no root port above it. */
  readonly completer: Completer | null
  /** The requester type the kernel uses when TPH is on: the smaller of what device and root port can do. */
  readonly requester: RequesterType
  /** Entries of the kernel's table; without an ST table 2048 that it keeps for itself. */
  readonly entries: number
  /** Nobody writes into it. */
  readonly image: Memory
}

/** Builds a function from its description and the completer above it. */
export function emulate(
  description: FunctionDescription,
  completer: Completer | null,
): EmulatedFunction {
  const { config, ...other } = description
  const space = new ConfigSpace(config)
  const tph = usableTph(space)
  const msix = findMsix(space)
  const requester = requesterType(space, tph, completer)
  const entries = tph === null ? 0 : tph.stLocation === 'none' ? MAX_ST_ENTRIES : tph.stEntries
  const image = {
    config,
    msix: zeros((msix?.entries ?? 0) * PCI_MSIX_ENTRY_SIZE),
    // With MSI-X on the owner has all of them.
    vectors:
      msix?.enabled === true ? new Uint8Array(msix.entries).fill(1) : zeros(msix?.entries ?? 0),
    kept: zeros(2 * entries),
  }
  const emulated = { ...other, config, tph, msix, completer, requester, entries, image }
  if (!isTphOn(emulated, image)) return emulated
  return { ...emulated, image: { ...image, kept: tagsInTable(emulated) } }
}

/** Bytes of which there are many and that nobody writes into: images of the same size share them. */
function zeros(length: number): Uint8Array {
  const made = ZEROS.get(length) ?? new Uint8Array(length)
  ZEROS.set(length, made)
  return made
}

const ZEROS = new Map<number, Uint8Array>()

/** Offset of an entry in the memory that holds the function's own ST table; null without a table. */
export function tableSlot(
  emulated: EmulatedFunction,
  index: number,
): { region: 'config' | 'msix'; offset: number } | null {
  const { tph } = emulated
  if (tph?.stLocation === 'capability' && tph.stTableOffset !== null) {
    return { region: 'config', offset: tph.stTableOffset + 2 * index }
  }
  if (tph?.stLocation === 'msix') {
    return { region: 'msix', offset: PCI_MSIX_ENTRY_SIZE * index + PCI_MSIX_ENTRY_VECTOR_CTRL + 2 }
  }
  return null
}

/** Whether the control register in `memory` has TPH on. */
export function isTphOn(emulated: EmulatedFunction, memory: Memory): boolean {
  if (emulated.tph === null) return false
  const control = new ConfigSpace(memory.config).u32(emulated.tph.offset + PCI_TPH_CTRL)
  return decodeTphControl(control).requester !== 'off'
}

/** A capability whose control register the dump does not show cannot be emulated. */
function usableTph(space: ConfigSpace): TphCapability | null {
  const { tph } = findTph(space)
  return tph !== null && space.has(tph.offset + PCI_TPH_CTRL, 4) ? tph : null
}

function requesterType(
  space: ConfigSpace,
  tph: TphCapability | null,
  completer: Completer | null,
): RequesterType {
  if (tph === null) return 'off'
  const own = tph.extended ? 'extended' : 'tph'
  if (completer === null || isIntegrated(space)) return own
  if (completer === 'none') return 'off'
  return completer === 'tph' ? 'tph' : own
}

/** A function dumped with TPH on starts with the tags of its own table; without extended TPH they are its low bytes. */
function tagsInTable(emulated: EmulatedFunction): Uint8Array {
  const { image, requester } = emulated
  const width = requester === 'extended' ? 2 : 1
  const kept = new Uint8Array(image.kept.length)
  for (let index = 0; index < emulated.entries; index++) {
    const slot = tableSlot(emulated, index)
    if (slot === null) break
    kept.set(image[slot.region].subarray(slot.offset, slot.offset + width), 2 * index)
  }
  return kept
}
