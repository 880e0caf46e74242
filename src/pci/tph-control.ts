import type { ConfigSpace } from './config-space.ts'
import {
  PCI_TPH_CTRL,
  PCI_TPH_CTRL_MODE_SEL_MASK,
  PCI_TPH_CTRL_REQ_EN_MASK,
  PCI_TPH_REQ_DISABLE,
  PCI_TPH_REQ_EXT_TPH,
  PCI_TPH_REQ_TPH_ONLY,
  PCI_TPH_ST_DS_MODE,
  PCI_TPH_ST_IV_MODE,
  PCI_TPH_ST_NS_MODE,
} from './regs.ts'

/** How a device picks the tag of a request: none at all, by interrupt vector, by means of its own. */
export type StMode = 'none' | 'iv' | 'ds'

/** Which requests a device may send: without TPH, with 8-bit tags, with 16-bit tags. */
export type RequesterType = 'off' | 'tph' | 'extended'

/** The two fields of the TPH Requester Control register (PCIe 6.0 7.9.13.3). */
export interface TphControl {
  readonly mode: StMode | 'reserved'
  /** Anything but `off` is on. */
  readonly requester: RequesterType | 'reserved'
}

/** Position of the field PCI_TPH_CTRL_REQ_EN_MASK. */
const REQUESTER_SHIFT = 8

const MODES = {
  none: PCI_TPH_ST_NS_MODE,
  iv: PCI_TPH_ST_IV_MODE,
  ds: PCI_TPH_ST_DS_MODE,
} as const satisfies Record<StMode, number>

const REQUESTERS = {
  off: PCI_TPH_REQ_DISABLE,
  tph: PCI_TPH_REQ_TPH_ONLY,
  extended: PCI_TPH_REQ_EXT_TPH,
} as const satisfies Record<RequesterType, number>

/** Decodes the control register. Mode values from 3 on and requester value 2 are reserved. */
export function decodeTphControl(value: number): TphControl {
  const mode = value & PCI_TPH_CTRL_MODE_SEL_MASK
  const requester = (value & PCI_TPH_CTRL_REQ_EN_MASK) >>> REQUESTER_SHIFT
  return {
    mode: keyOf(MODES, mode) ?? 'reserved',
    requester: keyOf(REQUESTERS, requester) ?? 'reserved',
  }
}

/** The control register with these two fields and nothing else set. */
export function encodeTphControl(mode: StMode, requester: RequesterType): number {
  return MODES[mode] | (REQUESTERS[requester] << REQUESTER_SHIFT)
}

/** The control register, u32, of the TPH capability at that config offset; null when not visible. */
export function readTphControl(config: ConfigSpace, capabilityOffset: number): number | null {
  const register = capabilityOffset + PCI_TPH_CTRL
  return config.has(register, 4) ? config.u32(register) : null
}

function keyOf<K extends string>(values: Record<K, number>, value: number): K | undefined {
  return (Object.keys(values) as K[]).find((key) => values[key] === value)
}
