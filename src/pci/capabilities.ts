import type { ConfigSpace } from './config-space.ts'
import {
  PCI_CAP_LIST_ID,
  PCI_CAP_LIST_NEXT,
  PCI_CAPABILITY_LIST,
  PCI_CB_CAPABILITY_LIST,
  PCI_CFG_SPACE_SIZE,
  PCI_HEADER_TYPE,
  PCI_HEADER_TYPE_BRIDGE,
  PCI_HEADER_TYPE_CARDBUS,
  PCI_HEADER_TYPE_MASK,
  PCI_HEADER_TYPE_NORMAL,
  PCI_STATUS,
  PCI_STATUS_CAP_LIST,
  PCI_STD_HEADER_SIZEOF,
} from './regs.ts'

/** One link of a capability chain. */
export interface Capability {
  readonly id: number
  /** Of the extended header; 0 for a conventional capability. */
  readonly version: number
  /** Config offset of the header. */
  readonly offset: number
}

/** The capabilities met on a chain, in its order, and why the walk ended. */
export interface CapabilityWalk {
  readonly capabilities: readonly Capability[]
  /**
   * `complete`: the chain ended as it should; `cut`: the next header is not among the visible bytes;
   * `loop`: the next header was met before; `broken`: the next pointer is below the first valid
   * offset but not 0, or a conventional header reads all ones.
   */
  readonly end: 'complete' | 'cut' | 'loop' | 'broken'
}

/** What a header says: the capability (null for one to pass over), and where the next header is. */
interface Link {
  readonly capability: Capability | null
  readonly next: number
}

/**
 * Walks the conventional list (PCIe 6.0 7.5.1.1.11): only where STATUS says that there is one, low two
 * bits of pointers masked. A header type without a list, as Linux sees it, has no capabilities.
 */
export function walkCapabilities(config: ConfigSpace): CapabilityWalk {
  if (!config.has(PCI_HEADER_TYPE, 1)) return { capabilities: [], end: 'cut' }
  const pointer = listPointer(config)
  if (pointer === null) return { capabilities: [], end: 'complete' }
  if (!config.has(pointer, 1)) return { capabilities: [], end: 'cut' }
  return walk(config, config.u8(pointer) & ~3, PCI_STD_HEADER_SIZEOF, conventionalLink)
}

/**
 * Walks the extended chain from 0x100 (PCIe 6.0 7.6.3), backwards where it runs backwards. A header with
 * id 0 is passed over; one that is 0 or all ones ends the chain. Only a function with a PCI Express
 * capability has such a chain, which is for the caller to check.
 */
export function walkExtendedCapabilities(config: ConfigSpace): CapabilityWalk {
  return walk(config, PCI_CFG_SPACE_SIZE, PCI_CFG_SPACE_SIZE, extendedLink)
}

/** Config offset of the first conventional capability `id`, null where none is met. */
export function findCapability(config: ConfigSpace, id: number): number | null {
  return offsetOf(walkCapabilities(config), id)
}

/** Config offset of the first extended capability `id`, null where none is met. */
export function findExtendedCapability(config: ConfigSpace, id: number): number | null {
  return offsetOf(walkExtendedCapabilities(config), id)
}

function offsetOf({ capabilities }: CapabilityWalk, id: number): number | null {
  return capabilities.find((capability) => capability.id === id)?.offset ?? null
}

function listPointer(config: ConfigSpace): number | null {
  if ((config.u16(PCI_STATUS) & PCI_STATUS_CAP_LIST) === 0) return null
  switch (config.u8(PCI_HEADER_TYPE) & PCI_HEADER_TYPE_MASK) {
    case PCI_HEADER_TYPE_NORMAL:
    case PCI_HEADER_TYPE_BRIDGE:
      return PCI_CAPABILITY_LIST
    case PCI_HEADER_TYPE_CARDBUS:
      return PCI_CB_CAPABILITY_LIST
    default:
      return null
  }
}

function walk(
  config: ConfigSpace,
  first: number,
  lowest: number,
  linkAt: (config: ConfigSpace, offset: number) => Link | CapabilityWalk['end'],
): CapabilityWalk {
  const capabilities: Capability[] = []
  const seen = new Set<number>()
  for (let at = first; at !== 0; ) {
    if (at < lowest) return { capabilities, end: 'broken' }
    if (seen.has(at)) return { capabilities, end: 'loop' }
    seen.add(at)
    const link = linkAt(config, at)
    if (typeof link === 'string') return { capabilities, end: link }
    if (link.capability !== null) capabilities.push(link.capability)
    at = link.next
  }
  return { capabilities, end: 'complete' }
}

function conventionalLink(config: ConfigSpace, offset: number): Link | CapabilityWalk['end'] {
  if (!config.has(offset, 2)) return 'cut'
  const id = config.u8(offset + PCI_CAP_LIST_ID)
  if (id === 0xff) return 'broken'
  const next = config.u8(offset + PCI_CAP_LIST_NEXT) & ~3
  return { capability: { id, version: 0, offset }, next }
}

function extendedLink(config: ConfigSpace, offset: number): Link | CapabilityWalk['end'] {
  if (!config.has(offset, 4)) return 'cut'
  const header = config.u32(offset)
  if (header === 0 || header === 0xffff_ffff) return 'complete'
  const id = header & 0xffff
  const capability = id === 0 ? null : { id, version: (header >>> 16) & 0xf, offset }
  return { capability, next: (header >>> 20) & ~3 }
}
