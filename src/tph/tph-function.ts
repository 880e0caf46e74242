import { MAX_ST_ENTRIES } from '../abi/tph-st.ts'
import type { PciFunction } from '../backend/types.ts'
import type { TphCapability } from '../pci/tph-capability.ts'

/** A function that has a TPH Requester capability. */
export interface TphFunction {
  readonly fn: PciFunction
  readonly tph: TphCapability
}

/**
 * How many entries the kernel's table of this device has at most: as many as the ST table, or without one the most there can be (uapi
 * section 1, "Assumed").
 */
export function tableEntries({ tph }: Pick<TphFunction, 'tph'>): number {
  return tph.stLocation === 'none' ? MAX_ST_ENTRIES : tph.stEntries
}
