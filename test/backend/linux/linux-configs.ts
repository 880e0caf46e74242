import { buildConfig, type ConfigParts } from '../../pci/build-config.ts'

/** Device or port types in the PCI Express capability, as the specification numbers them. */
export const PORT = { endpoint: 0, rootPort: 4, upstream: 5, downstream: 6, integrated: 9 } as const

/** Config space of a function with PCI Express; `completer` is the field in Device Capabilities 2. */
export function expressConfig(
  type: keyof typeof PORT,
  completer = 0,
  parts: ConfigParts = {},
): Uint8Array {
  const isPort = type !== 'endpoint' && type !== 'integrated'
  const dwords = [0, 0, 0, 0, 0, 0, 0, 0, completer << 12]
  const express = { offset: 0x40, id: 0x10, flags: 2 | (PORT[type] << 4), dwords }
  return buildConfig({ headerType: isPort ? 1 : 0, capabilities: [express], ...parts })
}

/** Config space of an endpoint with a TPH Requester capability: all modes, extended, 64 entries in the capability. */
export function tphConfig(parts: ConfigParts = {}): Uint8Array {
  const tph = { offset: 0x100, id: 0x17, dwords: [0x003f_0307, 0] }
  return expressConfig('endpoint', 0, { extended: [tph], ...parts })
}
