import { walkExtendedCapabilities } from './capabilities.ts'
import type { ConfigSpace } from './config-space.ts'
import { findMsix } from './msix.ts'
import {
  PCI_CFG_SPACE_EXP_SIZE,
  PCI_TPH_BASE_SIZEOF,
  PCI_TPH_CAP_LOC_MASK,
  PCI_TPH_CAP_ST_MASK,
  PCI_TPH_CAP_ST_SHIFT,
  PCI_TPH_LOC_CAP,
  PCI_TPH_LOC_MSIX,
  PCI_TPH_LOC_NONE,
} from './regs.ts'

/** Where the ST table is: nowhere, behind the TPH registers, in the MSI-X table, or the reserved value. */
export type StLocation = 'none' | 'capability' | 'msix' | 'reserved'

/** What the TPH capability register says of the ST table. */
export interface StTable {
  readonly stLocation: StLocation
  /** Entries that can be used. */
  readonly stEntries: number
  /** Config offset of entry 0, where the table is in the capability. */
  readonly stTableOffset: number | null
  /** Oddities worth telling, each a clause without a full stop. */
  readonly notes: readonly string[]
}

/** The most a table in the capability may have (PCIe 6.0 7.9.13.2). */
const MOST_ENTRIES = 64
const ENTRY_SIZE = 2

/**
 * Reads the table's place and size from `register`, the capability register of the TPH capability at
 * config offset `offset`. A table in MSI-X has as many entries as MSI-X has vectors, which is what Linux
 * goes by, whatever the size field says.
 */
export function describeStTable(config: ConfigSpace, offset: number, register: number): StTable {
  const size = ((register & PCI_TPH_CAP_ST_MASK) >>> PCI_TPH_CAP_ST_SHIFT) + 1
  switch (register & PCI_TPH_CAP_LOC_MASK) {
    case PCI_TPH_LOC_NONE:
      return withoutEntries('none', [])
    case PCI_TPH_LOC_CAP:
      return tableInCapability(config, offset, size)
    case PCI_TPH_LOC_MSIX:
      return tableInMsix(config, size)
    default:
      return withoutEntries('reserved', ['the ST table location is the reserved value 3'])
  }
}

function withoutEntries(stLocation: StLocation, notes: readonly string[]): StTable {
  return { stLocation, stEntries: 0, stTableOffset: null, notes }
}

function tableInMsix(config: ConfigSpace, size: number): StTable {
  const msix = findMsix(config)
  if (msix === null) {
    return withoutEntries('msix', [
      'the ST table is in the MSI-X table, but no MSI-X capability is there',
    ])
  }
  const disagree = `the ST table size says ${size}, but MSI-X has ${msix.entries}, which counts`
  const notes = size === msix.entries ? [] : [disagree]
  return { stLocation: 'msix', stEntries: msix.entries, stTableOffset: null, notes }
}

function tableInCapability(config: ConfigSpace, offset: number, size: number): StTable {
  const start = offset + PCI_TPH_BASE_SIZEOF
  const fitting = Math.min(size, entriesBetween(start, PCI_CFG_SPACE_EXP_SIZE))
  const stEntries = Math.min(fitting, entriesBetween(start, config.length))
  const notes: string[] = []
  if (size > MOST_ENTRIES)
    notes.push(`the ST table says ${size} entries, more than ${MOST_ENTRIES}`)
  if (fitting < size) notes.push(`only ${fitting} of ${size} ST entries fit in config space`)
  if (stEntries < fitting) notes.push(`only ${stEntries} of ${fitting} ST entries are visible`)
  notes.push(...overlapNotes(config, offset, start + stEntries * ENTRY_SIZE))
  return { stLocation: 'capability', stEntries, stTableOffset: start, notes }
}

function entriesBetween(start: number, end: number): number {
  return Math.max(0, Math.floor((end - start) / ENTRY_SIZE))
}

function overlapNotes(config: ConfigSpace, offset: number, end: number): string[] {
  const inside = ({ offset: other }: { offset: number }) => other > offset && other < end
  const hit = walkExtendedCapabilities(config).capabilities.filter(inside)
  return hit.map(
    (other) => `the ST table overlaps the capability at 0x${other.offset.toString(16)}`,
  )
}
