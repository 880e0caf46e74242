import assert from 'node:assert/strict'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { findMsix } from '../../src/pci/msix.ts'
import { findTph, type TphCapability } from '../../src/pci/tph-capability.ts'
import { assertHex, fromHex, toHex } from './bytes.ts'
import type { Borrowed, Role, World } from './world.ts'

/** Offsets in the TPH Requester capability. */
export const CAPABILITY_REGISTER = 4
/** The TPH control register, in the same. */
export const CONTROL = 8
/** Entry 0 of an ST table in the capability. */
export const TABLE = 12

/** Control register values, as they lie in config space: extended requesters in IV, DS and no ST mode, and off. */
export const IV = '01030000'
/** See `IV`. */
export const DS = '02030000'
/** See `IV`. */
export const NO_ST = '00030000'
/** See `IV`. */
export const OFF = '00000000'
/** DS mode of a requester with 8-bit tags. */
export const DS_8_BIT = '02010000'

/** Where the TPH Requester capability lies, as the device fd shows config space. */
export function tphOffset(dev: Borrowed): number {
  return tphCapability(dev).offset
}

/** The TPH Requester capability, as the device fd shows config space. */
export function tphCapability({ device }: Borrowed): TphCapability {
  const { tph } = findTph(new ConfigSpace(device.readConfig(0, 4096)))
  assert.ok(tph, 'the device fd shows no TPH Requester capability')
  return tph
}

/** Config space from an offset in the TPH capability on, as hex. */
export function peek(dev: Borrowed, at: number, length: number): string {
  return toHex(dev.device.readConfig(tphOffset(dev) + at, length))
}

/** One write to config space, from an offset in the TPH capability on. */
export function poke(dev: Borrowed, at: number, hex: string): void {
  dev.device.writeConfig(tphOffset(dev) + at, fromHex(hex))
}

/** Writes the control register, 4 bytes at once. */
export function control(dev: Borrowed, hex: string): void {
  poke(dev, CONTROL, hex)
}

/** Asserts what the control register reads. */
export function assertControl(dev: Borrowed, expected: string): void {
  assertHex(fromHex(peek(dev, CONTROL, 4)), expected, 'control register')
}

/** Asserts entries of the ST table in the capability, little-endian hex, through the device fd and as the hardware has them. */
export function assertTable(
  world: World,
  role: Role,
  dev: Borrowed,
  index: number,
  expected: string,
): void {
  const length = expected.length / 2
  const start = tphOffset(dev) + TABLE + 2 * index
  assertHex(dev.device.readConfig(start, length), expected, `ST table from entry ${index} on`)
  const hardware = hardwareConfig(world, role).subarray(start, start + length)
  assertHex(hardware, expected, `hardware's ST table from entry ${index} on`)
}

/** Config space of the hardware itself: sysfs has it. */
export function hardwareConfig(world: World, role: Role): Uint8Array {
  const fn = world.backend.find(world.bdf(role))
  assert.ok(fn, `the host has no ${world.bdf(role)}`)
  return fn.config.bytes
}

/** The tags in the MSI-X table: the upper half of each vector control dword. */
export function msixTags(dev: Borrowed, count: number): number[] {
  const table = msixTable(dev, count)
  return Array.from({ length: count }, (_, vector) => table.getUint16(16 * vector + 14, true))
}

function msixTable({ device }: Borrowed, count: number): DataView {
  const msix = findMsix(new ConfigSpace(device.readConfig(0, 4096)))
  assert.ok(msix, 'the device fd shows no MSI-X capability')
  const table = device.readBar(msix.bar, msix.tableOffset, 16 * count)
  return new DataView(table.buffer, table.byteOffset, table.length)
}

/** Whether MSI-X is on, as the device fd shows it. */
export function isMsixOn({ device }: Borrowed): boolean {
  return findMsix(new ConfigSpace(device.readConfig(0, 4096)))?.enabled ?? false
}
