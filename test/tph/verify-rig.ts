import { expect } from 'vitest'
import { findTphFunction } from '../../src/tph/host.ts'
import { type Verified, verifyDevice } from '../../src/tph/verify.ts'
import { buildConfig } from '../pci/build-config.ts'
import { CAPABILITY, EXTENDED_64, ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

/** TPH control: IV mode with extended tags, IV mode with 8-bit tags. */
export const IV_EXTENDED = 0x301
export const IV_8_BIT = 0x101
/** COMMAND with memory decoding. */
export const MEMORY = 0x0002

/** Where the MSI-X table of `msixRig` is. */
export const BAR = 2
export const TABLE_OFFSET = 0x1000
export const VECTORS = 8

const COMMAND = 0x04
const POWER_CONTROL = 0x44
const CONTROL = CAPABILITY + 8
const TABLE = CAPABILITY + 12

/** A host whose device has its ST table in the capability, TPH on. */
export function tableRig(control = IV_EXTENDED, capability = EXTENDED_64): Rig {
  const rig = rigOf([new ScriptedDevice(BDF, capability)])
  poke(rig.device.config, CONTROL, control)
  return rig
}

/** A host whose device has its ST table in the MSI-X table, TPH on: 8 vectors at 0x1000 of BAR 2. */
export function msixRig(control = IV_EXTENDED, device = new ScriptedDevice(BDF)): Rig {
  device.config.set(
    buildConfig({
      command: MEMORY,
      capabilities: [
        { offset: 0x40, id: 0x01, flags: 0x0003, dwords: [0] },
        { offset: 0x70, id: 0x11, flags: 0x8000 | (VECTORS - 1), dwords: [TABLE_OFFSET | BAR, 0] },
        { offset: 0xa0, id: 0x10, flags: 0x0002 },
      ],
      extended: [
        { offset: 0x100, id: 0x01 },
        { offset: CAPABILITY, id: 0x17, dwords: [0x00070507, control] },
      ],
    }),
  )
  device.tags.length = VECTORS
  device.bars.set(BAR, new Uint8Array(TABLE_OFFSET + 16 * VECTORS).fill(0xaa))
  const rig = rigOf([device])
  for (let index = 0; index < VECTORS; index++) putInMsix(rig, index, 0)
  return rig
}

/** Has the kernel keep tags from entry 0 on. */
export function keep({ device }: Rig, ...tags: readonly number[]): void {
  for (const [index, tag] of tags.entries()) device.tags[index] = tag
}

/** Writes entries of the table in the capability, from 0 on. */
export function putInCapability({ device }: Rig, ...entries: readonly number[]): void {
  const view = new DataView(device.config.buffer)
  for (const [index, entry] of entries.entries()) view.setUint16(TABLE + 2 * index, entry, true)
}

/** Writes an entry of the table in MSI-X memory: the upper half of a vector's vector control. */
export function putInMsix({ device }: Rig, index: number, entry: number): void {
  const bar = device.bars.get(BAR) ?? new Uint8Array(0)
  new DataView(bar.buffer).setUint16(TABLE_OFFSET + 16 * index + 14, entry, true)
}

/** Masks vectors and takes their tags, as Linux does with all of them when it turns MSI-X on. */
export function freeVectors({ device }: Rig, ...indexes: readonly number[]): void {
  const bar = device.bars.get(BAR) ?? new Uint8Array(0)
  for (const index of indexes) poke(bar, TABLE_OFFSET + 16 * index + 12, 1)
}

/** Clears MSI-X enable in config space. */
export function switchMsixOff({ device }: Rig): void {
  poke16(device.config, 0x72, VECTORS - 1)
}

/** How config space differs in one view: COMMAND, the power state, the first dword. */
export interface Change {
  readonly command?: number
  readonly power?: number
  readonly ids?: number
}

/** Changes config space as the device fd shows it, or as sysfs does. */
export function change(
  { device }: Rig,
  view: 'fd' | 'sysfs',
  { command, power, ids }: Change,
): void {
  const other = device.config.slice()
  const target = view === 'fd' ? other : device.config
  if (command !== undefined) poke16(target, COMMAND, command)
  if (power !== undefined) poke16(target, POWER_CONTROL, power)
  if (ids !== undefined) poke(target, 0, ids)
  device.readConfig = (offset, length) => other.slice(offset, offset + length)
}

/** `tphctl verify`. */
export function verify({ host }: Rig): Verified {
  return verifyDevice(host, findTphFunction(host, BDF))
}

/** Asserts that nothing of ours is left open or locked, and that nothing was written. */
export function expectTidy({ device, backend }: Rig): void {
  expect([device.opens - device.closes, backend.locked]).toEqual([0, 0])
  expect([device.sets, device.writes]).toEqual([[], []])
}

function poke(bytes: Uint8Array, offset: number, value: number): void {
  new DataView(bytes.buffer).setUint32(offset, value, true)
}

function poke16(bytes: Uint8Array, offset: number, value: number): void {
  new DataView(bytes.buffer).setUint16(offset, value, true)
}
