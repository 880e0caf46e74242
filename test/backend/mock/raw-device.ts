import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostFromDump } from '../../../src/backend/mock/dump-host.ts'
import { MockBackend } from '../../../src/backend/mock/mock-backend.ts'
import { builtInHost } from '../../../src/backend/mock/mock-host.ts'
import type { Device } from '../../../src/backend/types.ts'
import { formatLspciDump } from '../../../src/pci/lspci-dump.ts'
import { fromHex, toHex } from '../../abi/hex.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'

/** VFIO_DEVICE_FEATURE, as uapi.md has it. */
export const FEATURE = 0x3b75

/** A first line of a state file. */
export const HEADER = '{"tphctl":"mock state","version":1,"id":"0123456789abcdef"}\n'

/** Where the built-in devices have their TPH control register. */
export const CONTROL = 0x1a8

/** Where the ST table of 0000:81:00.0 starts: 0x1a0 + 12. */
export const TABLE = 0x1ac

/** What may differ from the built-in host with fresh state and no faults. */
export interface MockParts {
  readonly statePath?: string
  readonly faults?: string
  readonly hostFile?: string
}

/** A mock whose state goes with the running test. */
export function openMock({ statePath, faults = '', hostFile }: MockParts = {}): MockBackend {
  return new MockBackend({
    statePath: statePath ?? join(temporaryDirectory(), 'state'),
    faults,
    host: hostFile === undefined ? builtInHost() : hostFromDump(hostFile),
  })
}

/** A dump file of these functions, which goes with the running test. */
export function dumpFile(configs: Readonly<Record<string, Uint8Array>>): string {
  const hostFile = join(temporaryDirectory(), 'host.lspci')
  const functions = Object.entries(configs).map(([bdf, bytes]) => ({ bdf, title: 'x', bytes }))
  writeFileSync(hostFile, formatLspciDump(functions))
  return hostFile
}

/** A mock of these functions, by way of a dump file. */
export function dumpedMock(configs: Readonly<Record<string, Uint8Array>>): MockBackend {
  return openMock({ hostFile: dumpFile(configs) })
}

/** A device of a fresh built-in host. */
export function openDevice(bdf: string): Device {
  return openMock().borrow(bdf)
}

/** Sends the bytes; the result is that of the ioctl. */
export function send(device: Device, hex: string, request = FEATURE): number {
  return device.ioctl(request, fromHex(hex))
}

/** Sends the bytes, which has to succeed, and returns what is in the buffer then. */
export function reply(device: Device, hex: string, request = FEATURE): string {
  const bytes = fromHex(hex)
  const result = device.ioctl(request, bytes)
  if (result < 0) throw new Error(`ioctl failed with ${result}`)
  return toHex(bytes)
}

/** Writes config space in one access. */
export function poke(device: Device, offset: number, hex: string): void {
  device.writeConfig(offset, fromHex(hex))
}

/** Bytes of config space as hex. */
export function peek(device: Device, offset: number, length: number): string {
  return toHex(device.readConfig(offset, length))
}

/** The tag of one entry, by GET. */
export function tagAt(device: Device, index: number): number {
  const bytes = fromHex('14000000 0e000100 00000000 0000 0100 00000000')
  const view = new DataView(bytes.buffer)
  view.setUint16(12, index, true)
  if (device.ioctl(FEATURE, bytes) !== 0) throw new Error(`GET of entry ${index} failed`)
  return view.getUint32(16, true)
}
