import {
  PCI_CAPABILITY_LIST,
  PCI_CFG_SPACE_EXP_SIZE,
  PCI_CFG_SPACE_SIZE,
  PCI_COMMAND,
  PCI_DEVICE_ID,
  PCI_HEADER_TYPE,
  PCI_STATUS,
  PCI_STATUS_CAP_LIST,
  PCI_VENDOR_ID,
} from '../../pci/regs.ts'

/** A register value: offset, width in bytes, value. */
export type Register = readonly [offset: number, width: 1 | 2 | 4, value: number]

/** A capability: where it lies, its id, and its registers relative to its start. */
export interface CapabilityParts {
  readonly at: number
  readonly id: number
  readonly version?: number
  readonly registers: readonly Register[]
}

/** What a config space is built from. */
export interface ConfigParts {
  readonly vendor: number
  readonly device: number
  /** Class code, 24 bits: base class, subclass, interface. */
  readonly class: number
  readonly headerType: number
  readonly registers: readonly Register[]
  /** In the order of their chain. */
  readonly capabilities: readonly CapabilityParts[]
  /** In the order of their chain; the first lies at 0x100. */
  readonly extended: readonly CapabilityParts[]
}

const PCI_REVISION_AND_CLASS = 0x08
const COMMAND_MEMORY_AND_MASTER = 0x0006

/** Lays out 4096 bytes of config space, capability chains included. */
export function buildConfig(parts: ConfigParts): Uint8Array {
  const config = new Uint8Array(PCI_CFG_SPACE_EXP_SIZE)
  const view = new DataView(config.buffer)
  // Not taken apart by a pattern, which goes through an iterator: it is every emulated register of every call.
  const put = (base: number, register: Register): void => {
    const at = base + register[0]
    const value = register[2]
    if (register[1] === 1) view.setUint8(at, value)
    else if (register[1] === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
  }
  const header: Register[] = [
    [PCI_VENDOR_ID, 2, parts.vendor],
    [PCI_DEVICE_ID, 2, parts.device],
    [PCI_COMMAND, 2, COMMAND_MEMORY_AND_MASTER],
    [PCI_STATUS, 2, PCI_STATUS_CAP_LIST],
    [PCI_REVISION_AND_CLASS, 4, parts.class * 256 + 1],
    [PCI_HEADER_TYPE, 1, parts.headerType],
    [PCI_CAPABILITY_LIST, 1, parts.capabilities[0]?.at ?? 0],
  ]
  for (const register of header) put(0, register)
  for (const register of parts.registers) put(0, register)
  parts.capabilities.forEach(({ at, id, registers }, i) => {
    put(at, [0, 2, id | ((parts.capabilities[i + 1]?.at ?? 0) << 8)])
    for (const register of registers) put(at, register)
  })
  parts.extended.forEach(({ at, id, version = 1, registers }, i) => {
    const next = parts.extended[i + 1]?.at ?? 0
    put(i === 0 ? PCI_CFG_SPACE_SIZE : at, [0, 4, id + version * 0x10000 + next * 0x100000])
    for (const register of registers) put(at, register)
  })
  return config
}
