import { findCapability } from '../../pci/capabilities.ts'
import { ConfigSpace } from '../../pci/config-space.ts'
import {
  PCI_CACHE_LINE_SIZE,
  PCI_CAP_ID_EXP,
  PCI_CAP_ID_MSI,
  PCI_CAP_ID_PM,
  PCI_COMMAND,
  PCI_EXP_DEVCTL,
  PCI_INTERRUPT_LINE,
  PCI_LATENCY_TIMER,
  PCI_PM_CTRL,
  PCI_STATUS,
  PCI_TPH_CTRL,
} from '../../pci/regs.ts'
import type { EmulatedFunction } from './emulated-function.ts'
import { readControl, writeControl } from './kernel-tph.ts'
import type { Memory } from './memory.ts'

/** Which bits of a register a write may set and clear, and which a written 1 clears. */
interface Mask {
  /** Offset from the start of config space, or of the capability. */
  readonly offset: number
  readonly width: 1 | 2
  readonly writable: number
  readonly clearedByOne?: number
}

/** Registers of every function (PCI 3.0 section 6.2). BARs stay as they are: their sizes are not known from a dump. */
const HEADER_MASKS: readonly Mask[] = [
  { offset: PCI_COMMAND, width: 2, writable: 0x0547 },
  { offset: PCI_STATUS, width: 2, writable: 0, clearedByOne: 0xf900 },
  { offset: PCI_CACHE_LINE_SIZE, width: 1, writable: 0xff },
  { offset: PCI_LATENCY_TIMER, width: 1, writable: 0xff },
  { offset: PCI_INTERRUPT_LINE, width: 1, writable: 0xff },
]

/** Control registers of conventional capabilities, by capability id. vfio lets nobody write that of MSI-X: VFIO_DEVICE_SET_IRQS does. */
const CAPABILITY_MASKS: Readonly<Record<number, readonly Mask[]>> = {
  [PCI_CAP_ID_PM]: [{ offset: PCI_PM_CTRL, width: 2, writable: 0x0103, clearedByOne: 0x8000 }],
  [PCI_CAP_ID_MSI]: [{ offset: 2, width: 2, writable: 0x0071 }],
  [PCI_CAP_ID_EXP]: [
    { offset: PCI_EXP_DEVCTL, width: 2, writable: 0x7fff },
    { offset: PCI_EXP_DEVCTL + 2, width: 2, writable: 0, clearedByOne: 0x000f },
  ],
}

/**
 * Writes config space as hardware and vfio let it be written: masked bits change, the TPH control register is
 * virtualised, everything else is ignored without an error. Any width and alignment.
 *
 * @param isControlWritable whether the kernel has the TPH control register there: where an ioctl turns TPH on it is hidden from writes
 */
export function writeConfigSpace(
  emulated: EmulatedFunction,
  memory: Memory,
  offset: number,
  bytes: Uint8Array,
  isControlWritable: boolean,
): void {
  for (const mask of masksOf(memory.config)) writeMasked(memory.config, mask, offset, bytes)
  if (emulated.tph === null || !isControlWritable) return
  const register = emulated.tph.offset + PCI_TPH_CTRL
  const value = new Uint8Array(4)
  new DataView(value.buffer).setUint32(0, readControl(emulated, memory), true)
  if (overlay(value, register, offset, bytes)) {
    writeControl(emulated, memory, new DataView(value.buffer).getUint32(0, true))
  }
}

function masksOf(config: Uint8Array): Mask[] {
  const space = new ConfigSpace(config)
  const ofCapabilities = Object.entries(CAPABILITY_MASKS).flatMap(([id, masks]) => {
    const at = findCapability(space, Number(id))
    return at === null ? [] : masks.map((mask) => ({ ...mask, offset: at + mask.offset }))
  })
  return [...HEADER_MASKS, ...ofCapabilities].filter((mask) => space.has(mask.offset, mask.width))
}

function writeMasked(config: Uint8Array, mask: Mask, offset: number, bytes: Uint8Array): void {
  for (let i = 0; i < mask.width; i++) {
    const at = mask.offset + i
    const written = bytes[at - offset]
    if (written === undefined) continue
    const now = config[at] ?? 0
    const writable = (mask.writable >>> (8 * i)) & 0xff
    const cleared = ((mask.clearedByOne ?? 0) >>> (8 * i)) & 0xff & written
    config[at] = ((now & ~writable) | (written & writable)) & ~cleared
  }
}

/** Lays the written bytes over a register's bytes. @returns whether any of them met it */
function overlay(register: Uint8Array, at: number, offset: number, bytes: Uint8Array): boolean {
  let met = false
  for (let i = 0; i < register.length; i++) {
    const written = bytes[at + i - offset]
    if (written === undefined) continue
    register[i] = written
    met = true
  }
  return met
}
