import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { loadLibc } from '../../../native-shims/load.ts'
import { LinuxDevice } from '../../../src/backend/linux/linux-device.ts'
import { type OpenedDevice, openDevice } from '../../../src/backend/linux/open-device.ts'
import { openLinux } from '../../../src/backend/linux/open-linux.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import type { Backend } from '../../../src/backend/types.ts'
import type { Borrowed } from '../../contract/world.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import type { Way } from './owner.ts'

/** The emulated functions, by what is special about them. */
export const NIC = {
  /** A table of 64 entries in the capability. */
  capability: '0001:81:00.0',
  /** The table in an MSI-X table of 2048 vectors. */
  msix: '0001:82:00.0',
  /** Device specific mode alone, 8-bit tags, no table. */
  tableless: '0001:83:00.0',
  /** No TPH. */
  plain: '0001:84:00.0',
  /** 8 entries behind a root port that completes plain TPH alone. */
  narrow: '0001:85:00.0',
  /** 8 entries behind a root port that is no completer. */
  blocked: '0001:86:00.0',
  /** 16 entries, and no way to reset it. */
  unresettable: '0001:87:00.0',
} as const

/** Devices of the machine itself, on vfio-pci behind an IOMMU, without TPH. */
export const BEHIND_IOMMU = { one: '0000:00:05.0', other: '0000:00:06.0' } as const

/** Tags as the guest's firmware gives them. */
export const tagOf = {
  vm: (cpu: number) => 0x100 + cpu,
  pm: (cpu: number) => 0x200 + cpu,
  /** Of 8 bits. */
  narrow: (cpu: number) => 1 + 2 * cpu,
}

/** The backend of this process, which reaches devices of other ones. */
export function backend(): Backend {
  const options = { root: null, pid: null, fd: null, open: null, ephemeral: false }
  return openLinux(options, fakeIo({ env: process.env }).io)
}

/** Borrows a device from its owner for as long as `use` takes. */
export function onBorrowed<T>(bdf: string, use: (dev: Borrowed, fd: number) => T): T {
  const device = backend().borrow(bdf)
  if (!(device instanceof LinuxDevice)) throw new TypeError('borrowed something else')
  try {
    return use({ device, ioctlAtEdge: device.ioctl.bind(device) }, device.fd)
  } finally {
    device.close()
  }
}

/** Opens a device, so that this process is its owner. @throws TphctlError when somebody else has it */
export function openHere(bdf: string, how: Way): OpenedDevice {
  const fn = backend().find(bdf)
  if (fn === null) throw new RangeError(`there is no ${bdf}`)
  const { iommuGroup } = fn
  return openDevice(new Root(), loadLibc(undefined), { bdf, iommuGroup }, { how, vfToken: null })
}

/** Whether nobody has the device: it opens, at once. */
export function isFree(bdf: string): boolean {
  openHere(bdf, 'group').close()
  return true
}

const CAPABILITY = 0x1a0
const CONTROL = CAPABILITY + 8
const TABLE = CAPABILITY + 12

/** The TPH control register as the hardware has it. */
export function hardwareControl(bdf: string): number {
  return hardwareConfig(bdf).readUInt32LE(CONTROL)
}

/** The ST table in the capability as the hardware has it. */
export function hardwareTable(bdf: string, entries: number): number[] {
  const config = hardwareConfig(bdf)
  return Array.from({ length: entries }, (_, i) => config.readUInt16LE(TABLE + 2 * i))
}

/** Writes an entry of that table behind everybody's back. */
export function pokeHardwareTable(bdf: string, index: number, tag: number): void {
  const fd = openSync(`/sys/bus/pci/devices/${bdf}/config`, 'r+')
  try {
    writeSync(fd, Uint8Array.of(tag & 0xff, tag >> 8), 0, 2, TABLE + 2 * index)
  } finally {
    closeSync(fd)
  }
}

/** The tags in the MSI-X table, read past vfio through sysfs. */
export function hardwareVectors(bdf: string, entries: number): number[] {
  const fd = openSync(`/sys/bus/pci/devices/${bdf}/resource0`, 'r')
  try {
    const bytes = loadLibc(undefined).readMapped(fd, 0, 16 * entries)
    if (typeof bytes === 'number') throw new Error(`mmap of BAR 0 failed with errno ${-bytes}`)
    const view = new DataView(bytes.buffer)
    return Array.from({ length: entries }, (_, i) => view.getUint16(16 * i + 14, true))
  } finally {
    closeSync(fd)
  }
}

function hardwareConfig(bdf: string): Buffer {
  return readFileSync(`/sys/bus/pci/devices/${bdf}/config`)
}
