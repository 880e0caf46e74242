import { walkCapabilities, walkExtendedCapabilities } from './capabilities.ts'
import type { ConfigSpace } from './config-space.ts'
import {
  PCI_CAP_ID_EXP,
  PCI_EXT_CAP_ID_TPH,
  PCI_STD_HEADER_SIZEOF,
  PCI_TPH_CAP,
  PCI_TPH_CAP_EXT_TPH,
  PCI_TPH_CAP_ST_DS,
  PCI_TPH_CAP_ST_IV,
  PCI_TPH_CAP_ST_NS,
} from './regs.ts'
import { describeStTable, type StTable } from './st-table.ts'
import type { StMode } from './tph-control.ts'

export type { StLocation } from './st-table.ts'
export type { RequesterType, StMode, TphControl } from './tph-control.ts'
export { decodeTphControl, encodeTphControl, readTphControl } from './tph-control.ts'

/** What a TPH Requester capability offers (PCIe 6.0 7.9.13.2). */
export interface TphCapability extends StTable {
  /** Config offset of the capability. */
  readonly offset: number
  readonly modes: readonly StMode[]
  /** Whether it can send 16-bit tags. */
  readonly extended: boolean
}

/** `absent`: the device is known to have no TPH; `not-visible`: the bytes that would tell were not read. */
export type TphLookup =
  | { readonly tph: TphCapability; readonly reason: null }
  | { readonly tph: null; readonly reason: 'absent' | 'not-visible' }

const ABSENT = { tph: null, reason: 'absent' } as const
const NOT_VISIBLE = { tph: null, reason: 'not-visible' } as const

const MODE_BITS: readonly (readonly [StMode, number])[] = [
  ['none', PCI_TPH_CAP_ST_NS],
  ['iv', PCI_TPH_CAP_ST_IV],
  ['ds', PCI_TPH_CAP_ST_DS],
]

/**
 * Finds and decodes the TPH Requester capability, behind a PCI Express capability only: without one,
 * extended space is an alias or nothing. Vendor and device ids say nothing here, as a VF reads all ones
 * there; where no device answers, the header type reads all ones too, and that has no capabilities.
 */
export function findTph(config: ConfigSpace): TphLookup {
  if (config.length < PCI_STD_HEADER_SIZEOF) return NOT_VISIBLE
  const conventional = walkCapabilities(config)
  if (!conventional.capabilities.some(({ id }) => id === PCI_CAP_ID_EXP)) {
    return conventional.end === 'cut' ? NOT_VISIBLE : ABSENT
  }
  return findInExtendedSpace(config)
}

function findInExtendedSpace(config: ConfigSpace): TphLookup {
  const { capabilities, end } = walkExtendedCapabilities(config)
  const found = capabilities.find(({ id }) => id === PCI_EXT_CAP_ID_TPH)
  if (found === undefined) return end === 'cut' ? NOT_VISIBLE : ABSENT
  if (!config.has(found.offset + PCI_TPH_CAP, 4)) return NOT_VISIBLE
  return { tph: decodeTph(config, found.offset), reason: null }
}

function decodeTph(config: ConfigSpace, offset: number): TphCapability {
  const register = config.u32(offset + PCI_TPH_CAP)
  const modes = MODE_BITS.filter(([, bit]) => (register & bit) !== 0).map(([mode]) => mode)
  const table = describeStTable(config, offset, register)
  const modeless = modes.length === 0 ? ['no ST mode is supported, not even "No ST"'] : []
  return {
    offset,
    modes,
    extended: (register & PCI_TPH_CAP_EXT_TPH) !== 0,
    ...table,
    notes: [...modeless, ...table.notes],
  }
}
