import {
  type CapabilityWalk,
  walkCapabilities,
  walkExtendedCapabilities,
} from '../../../src/pci/capabilities.ts'
import { ConfigSpace } from '../../../src/pci/config-space.ts'
import { completerOf, findExpress, isRootPort, secondaryBus } from '../../../src/pci/express.ts'
import { formatLspciDump, parseLspciDump } from '../../../src/pci/lspci-dump.ts'
import { findMsix } from '../../../src/pci/msix.ts'
import {
  decodeTphControl,
  findTph,
  readTphControl,
  type TphCapability,
} from '../../../src/pci/tph-capability.ts'
import { bytesOf, promise, promiseSame, type Target } from '../target.ts'
import { someConfigs } from './configs.ts'

const WHOLE = 4096

/** Bytes that begin capabilities. */
const HEADERS = ['\x10\x00\x02\x00', '\x11\x00\x3f\x00', '\x01\x00', '\x17\x00\x01\x00', '\x06\x00']

function checkWalk({ capabilities }: CapabilityWalk, first: number, most: number): void {
  promise(capabilities.length <= most, 'more capabilities than there is room for')
  promise(new Set(capabilities.map(({ offset }) => offset)).size === capabilities.length, 'twice')
  for (const { id, version, offset } of capabilities) {
    promise(offset >= first && offset < WHOLE && offset % 4 === 0, 'a capability out of bounds')
    promise(id >= 0 && id <= 0xffff && version >= 0 && version <= 15, 'no such capability')
  }
}

function checkTph(config: ConfigSpace, tph: TphCapability): void {
  const { offset, stEntries, stTableOffset, stLocation, notes } = tph
  promise(config.has(offset, 8), 'a capability that is not visible')
  promise(stEntries >= 0 && stEntries <= 2048, 'a table that is too large')
  promise((stTableOffset !== null) === (stLocation === 'capability'), 'a table without a place')
  if (stTableOffset !== null && stEntries > 0)
    promise(stTableOffset + 2 * stEntries <= Math.min(config.length, WHOLE), 'a table beyond bytes')
  promise(notes.length < 100 && notes.every((note) => !/\n/.test(note)), 'notes without end')
  const control = readTphControl(config, offset)
  if (control !== null) decodeTphControl(control)
}

/** Config space: walks, TPH, MSI-X, PCI Express, and the hexdump of it read again. */
export const configSpace: Target = {
  name: 'config-space',
  share: 60,
  longest: WHOLE,
  microsecondsPerByte: 4,
  seeds: someConfigs,
  words: HEADERS,
  run(input) {
    const bytes = input.length > WHOLE ? input.subarray(0, WHOLE) : input
    const config = new ConfigSpace(bytes)
    checkWalk(walkCapabilities(config), 0x40, 64)
    checkWalk(walkExtendedCapabilities(config), 0x100, 1024)
    const { tph } = findTph(config)
    if (tph !== null) checkTph(config, tph)
    const msix = findMsix(config)
    if (msix !== null) {
      const { entries, bar, tableOffset } = msix
      promise(entries >= 1 && entries <= 2048 && bar <= 7, 'an impossible MSI-X table')
      promise(tableOffset >= 0 && tableOffset % 8 === 0, 'an MSI-X table at an impossible place')
    }
    const express = findExpress(config)
    promise(express === null || (express.type >= 0 && express.type <= 15), 'no type of a port')
    isRootPort(config)
    completerOf(config)
    secondaryBus(config)
    if (bytes.length > 0 && bytes.length < 300) checkDump(bytes)
  },
}

function checkDump(bytes: Uint8Array): void {
  const dump = formatLspciDump([{ bdf: '0000:81:00.0', title: '0200: 1234:8100', bytes }])
  const { functions, notes } = parseLspciDump(dump, 'dump')
  promise(notes.length === 0 && functions.length === 1, 'a dump of another number of functions')
  const again = functions[0]?.bytes ?? bytesOf('')
  promiseSame([...again], [...bytes], 'a dump that is written and read again')
}
