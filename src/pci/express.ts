import { findCapability, walkCapabilities } from './capabilities.ts'
import type { ConfigSpace } from './config-space.ts'
import {
  PCI_CAP_ID_EXP,
  PCI_EXP_DEVCAP2,
  PCI_EXP_DEVCAP2_TPH_COMP_MASK,
  PCI_EXP_FLAGS,
  PCI_EXP_FLAGS_TYPE,
  PCI_EXP_FLAGS_VERS,
  PCI_EXP_TYPE_RC_END,
  PCI_EXP_TYPE_ROOT_PORT,
  PCI_HEADER_TYPE,
  PCI_HEADER_TYPE_BRIDGE,
  PCI_HEADER_TYPE_MASK,
  PCI_SECONDARY_BUS,
} from './regs.ts'

/** A function's PCI Express capability (PCIe 6.0 7.5.3). */
export interface Express {
  /** Config offset of the capability. */
  readonly offset: number
  /** Device or port type: one of the PCI_EXP_TYPE constants. */
  readonly type: number
}

/** The PCI Express capability, null where there is none or its first registers are not visible. */
export function findExpress(config: ConfigSpace): Express | null {
  const offset = findCapability(config, PCI_CAP_ID_EXP)
  if (offset === null || !config.has(offset, PCI_EXP_FLAGS + 2)) return null
  return { offset, type: (config.u16(offset + PCI_EXP_FLAGS) & PCI_EXP_FLAGS_TYPE) >>> 4 }
}

/** Which requests with TPH a port completes: none, with 8-bit tags, with 16-bit tags too. */
export type Completer = 'none' | 'tph' | 'extended'

// Bits 13:12 of Device Capabilities 2; 2 is reserved and promises nothing.
const COMPLETERS: readonly Completer[] = ['none', 'tph', 'none', 'extended']

/**
 * The TPH completer support in Device Capabilities 2 (PCIe 6.0 7.5.3.15); null where the bytes that tell
 * are not visible. A function known to have no such register (no PCI Express capability, or version 1
 * of it) completes none.
 */
export function completerOf(config: ConfigSpace): Completer | null {
  const { capabilities, end } = walkCapabilities(config)
  const offset = capabilities.find(({ id }) => id === PCI_CAP_ID_EXP)?.offset
  if (offset === undefined) return end === 'cut' ? null : 'none'
  if (!config.has(offset + PCI_EXP_FLAGS, 2)) return null
  if ((config.u16(offset + PCI_EXP_FLAGS) & PCI_EXP_FLAGS_VERS) < 2) return 'none'
  if (!config.has(offset + PCI_EXP_DEVCAP2, 4)) return null
  const field = (config.u32(offset + PCI_EXP_DEVCAP2) & PCI_EXP_DEVCAP2_TPH_COMP_MASK) >>> 12
  return COMPLETERS[field] ?? 'none'
}

/** Whether the function is seen to be a root port. */
export function isRootPort(config: ConfigSpace): boolean {
  return findExpress(config)?.type === PCI_EXP_TYPE_ROOT_PORT
}

/** Whether the function is seen to be integrated in the root complex, so that no root port is above it. */
export function isIntegrated(config: ConfigSpace): boolean {
  return findExpress(config)?.type === PCI_EXP_TYPE_RC_END
}

/** Number of the bus right behind a PCI to PCI bridge; null for anything else, or where not visible. */
export function secondaryBus(config: ConfigSpace): number | null {
  if (!config.has(PCI_SECONDARY_BUS, 1)) return null
  const layout = config.u8(PCI_HEADER_TYPE) & PCI_HEADER_TYPE_MASK
  return layout === PCI_HEADER_TYPE_BRIDGE ? config.u8(PCI_SECONDARY_BUS) : null
}
