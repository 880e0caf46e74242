import { findCapability } from './capabilities.ts'
import type { ConfigSpace } from './config-space.ts'
import {
  PCI_CAP_ID_MSIX,
  PCI_MSIX_FLAGS,
  PCI_MSIX_FLAGS_ENABLE,
  PCI_MSIX_FLAGS_MASKALL,
  PCI_MSIX_FLAGS_QSIZE,
  PCI_MSIX_TABLE,
  PCI_MSIX_TABLE_BIR,
  PCI_MSIX_TABLE_OFFSET,
} from './regs.ts'

/** A function's MSI-X capability (PCIe 6.0 7.7.2). */
export interface Msix {
  /** Config offset of the capability. */
  readonly offset: number
  /** Vectors in the table, 1 to 2048. */
  readonly entries: number
  /** Index of the BAR the table is in; 6 and 7 are reserved. */
  readonly bar: number
  /** Byte offset of the table in that BAR. */
  readonly tableOffset: number
  readonly enabled: boolean
  readonly maskedAll: boolean
}

/** The MSI-X capability, null where there is none or its registers are not visible. */
export function findMsix(config: ConfigSpace): Msix | null {
  const offset = findCapability(config, PCI_CAP_ID_MSIX)
  if (offset === null || !config.has(offset, PCI_MSIX_TABLE + 4)) return null
  const flags = config.u16(offset + PCI_MSIX_FLAGS)
  const table = config.u32(offset + PCI_MSIX_TABLE)
  return {
    offset,
    entries: (flags & PCI_MSIX_FLAGS_QSIZE) + 1,
    bar: table & PCI_MSIX_TABLE_BIR,
    tableOffset: (table & PCI_MSIX_TABLE_OFFSET) >>> 0,
    enabled: (flags & PCI_MSIX_FLAGS_ENABLE) !== 0,
    maskedAll: (flags & PCI_MSIX_FLAGS_MASKALL) !== 0,
  }
}
