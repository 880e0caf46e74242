import assert from 'node:assert/strict'
import { assertResult } from './bytes.ts'
import type { Borrowed, Role, World } from './world.ts'

/** VFIO_DEVICE_FEATURE. */
export const FEATURE = 0x3b75
/** VFIO_DEVICE_RESET. */
export const RESET = 0x3b6f
/** Data of a SET that clears an entry. */
export const NONE = 0xffffffff

const GET_TPH_ST = 0x0001_000e
const SET_TPH_ST = 0x0002_000e

/** The first CPUs of every world; the suite uses no others where it expects success. */
export const CPUS = [0, 1, 2, 3] as const

/** Borrows the device for as long as `use` takes. */
export function onDevice(world: World, role: Role, use: (dev: Borrowed) => void): void {
  const borrowed = world.borrow(role)
  try {
    use(borrowed)
  } finally {
    borrowed.device.close()
  }
}

/** SET of entries from `index` on. @returns the ioctl's result */
export function set(
  { device }: Borrowed,
  index: number,
  cpus: readonly number[],
  memoryType: 'vm' | 'pm' = 'vm',
): number {
  const bytes = argument(SET_TPH_ST, index, cpus.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(8, memoryType === 'pm' ? 1 : 0, true)
  for (const [i, cpu] of cpus.entries()) view.setUint32(16 + 4 * i, cpu, true)
  return device.ioctl(FEATURE, bytes)
}

/** A SET that has to succeed. */
export function mustSet(
  dev: Borrowed,
  index: number,
  cpus: readonly number[],
  memoryType: 'vm' | 'pm' = 'vm',
): void {
  const what = `SET of ${cpus.length} entries from ${index} on`
  assertResult(set(dev, index, cpus, memoryType), 'ok', what)
}

/** The tags of `count` entries, by one GET that has to succeed. */
export function tags({ device }: Borrowed, index: number, count: number): number[] {
  const bytes = argument(GET_TPH_ST, index, count)
  const what = `GET of ${count} entries from ${index} on`
  assertResult(device.ioctl(FEATURE, bytes), 'ok', what)
  const view = new DataView(bytes.buffer)
  return Array.from({ length: count }, (_, i) => view.getUint32(16 + 4 * i, true))
}

/** Asserts the tags that GET returns, shown as hex. */
export function assertTags(dev: Borrowed, index: number, expected: readonly number[]): void {
  assertSameTags(tags(dev, index, expected.length), expected, `GET from ${index} on`)
}

/** Asserts that two lists of tags are the same, shown as hex. */
export function assertSameTags(
  actual: readonly number[],
  expected: readonly number[],
  what: string,
): void {
  assert.deepEqual(actual.map(tagText), expected.map(tagText), what)
}

/** VFIO_DEVICE_RESET, which has to succeed. */
export function resetDevice({ device }: Borrowed): void {
  assertResult(device.ioctl(RESET, new Uint8Array(0)), 'ok', 'VFIO_DEVICE_RESET')
}

/** A CPU number that no kernel of that world has. */
export function impossibleCpu(world: World): number {
  return Math.max(...world.backend.topology.possible) + 1
}

function argument(flags: number, index: number, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16 + 4 * count)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setUint32(4, flags, true)
  view.setUint16(12, index, true)
  view.setUint16(14, count, true)
  return bytes
}

function tagText(tag: number): string {
  return `0x${tag.toString(16).padStart(4, '0')}`
}
