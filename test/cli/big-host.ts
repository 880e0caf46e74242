import { writeFileSync } from 'node:fs'
import { builtInFunctions } from '../../src/backend/mock/built-in-host.ts'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { formatLspciDump } from '../../src/pci/lspci-dump.ts'
import { findTph } from '../../src/pci/tph-capability.ts'

/** As much of config space as reaches behind the ST table. */
const VISIBLE = 0x240

/** The config space of the function of the built-in host that has so many ST entries. */
function configWith(stEntries: number): Uint8Array {
  const found = builtInFunctions().find(
    ({ config }) => findTph(new ConfigSpace(config)).tph?.stEntries === stEntries,
  )
  if (found === undefined) throw new Error(`the built-in host has no ST table of ${stEntries}`)
  return found.config.subarray(0, VISIBLE)
}

/** Writes the dump of a host with so many functions, all with TPH. @param stEntries the size of their tables: 64 or 2048 */
export function writeBigHost(path: string, count: number, stEntries = 64): void {
  const bytes = configWith(stEntries)
  const dump = formatLspciDump(
    Array.from({ length: count }, (_, i) => ({ bdf: nthBdf(i), title: '0200: 1234:8100', bytes })),
  )
  writeFileSync(path, dump)
}

/** 8 functions a device, 32 devices a bus. */
export function nthBdf(n: number): string {
  const hex = (value: number) => value.toString(16).padStart(2, '0')
  return `0000:${hex(n >> 8)}:${hex((n >> 3) & 31)}.${n & 7}`
}
