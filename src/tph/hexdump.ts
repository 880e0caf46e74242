import type { PciFunction } from '../backend/types.ts'
import { formatLspciDump } from '../pci/lspci-dump.ts'

/** Answer of `info --hexdump`: config space as `lspci -D -xxxx` prints it. */
export interface HexdumpResult {
  readonly device: string
  readonly hexdump: string
}

/** Dumps what is visible of a function's config space; the headline is that of `lspci -n`. */
export function hexdump({
  bdf,
  vendorId,
  deviceId,
  config: { bytes },
}: PciFunction): HexdumpResult {
  const classCode = hexByte(bytes[0x0b]) + hexByte(bytes[0x0a])
  const title = `${classCode}: ${vendorId}:${deviceId} (rev ${hexByte(bytes[0x08])})`
  return { device: bdf, hexdump: formatLspciDump([{ bdf, title, bytes }]) }
}

function hexByte(byte = 0): string {
  return byte.toString(16).padStart(2, '0')
}
