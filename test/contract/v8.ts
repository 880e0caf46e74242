import assert from 'node:assert/strict'
import { assertHex, assertResult, fromHex } from './bytes.ts'
import { onDevice } from './feature.ts'
import type { Borrowed, ContractCase, Role, World } from './world.ts'

/*
 * VFIO_DEVICE_PCI_TPH as the header of revision 8 has it, written out by hand: argsz u32, op u32, and then
 *
 *   GET_CAP  0   supported_modes u8, 0 u8, st_table_sz u16, 0 u32
 *   ENABLE   1   mode u8, 7 zeros
 *   DISABLE  2
 *   GET_ST   3   count u32, 0 u32, entries
 *   SET_ST   4   the same; an entry is cpu u32, mem_type u8, 0 u8, index u16, st u16, 0 u16
 */

/** VFIO_DEVICE_PCI_TPH. */
export const PCI_TPH = 0x3b7a

/** The modes, as `ENABLE` takes them. */
export const ENABLE_IV = '10000000 01000000 01 00000000000000'
/** See `ENABLE_IV`. */
export const ENABLE_DS = '10000000 01000000 02 00000000000000'
/** TPH off. */
export const DISABLE = '10000000 02000000 0000000000000000'

/** `index=cpu`, `index=cpu@pm` or `index=none`. */
export type EntryWord = string

/** Makes a call that has to succeed. */
export function mustCall({ device }: Borrowed, hex: string): void {
  assertResult(device.ioctl(PCI_TPH, fromHex(hex)), 'ok', hex)
}

/** SET_ST of entries. @returns the ioctl's result */
export function setSt({ device }: Borrowed, words: readonly EntryWord[]): number {
  return device.ioctl(PCI_TPH, entriesArgument(4, words))
}

/** A SET_ST that has to succeed. */
export function mustSetSt(dev: Borrowed, words: readonly EntryWord[]): void {
  assertResult(setSt(dev, words), 'ok', `SET_ST ${words.join(' ')}`)
}

/** GET_ST of CPUs, as `0=cpu` with an index that does not matter. @returns the result and the tags */
export function getSt({ device }: Borrowed, words: readonly EntryWord[]): [number, number[]] {
  const bytes = entriesArgument(3, words)
  const result = device.ioctl(PCI_TPH, bytes)
  const view = new DataView(bytes.buffer)
  return [result, words.map((_, i) => view.getUint16(16 + 12 * i + 8, true))]
}

/** A GET_ST that has to succeed with these tags. */
export function assertSt(
  dev: Borrowed,
  words: readonly EntryWord[],
  tags: readonly number[],
): void {
  const [result, got] = getSt(dev, words)
  assertResult(result, 'ok', `GET_ST ${words.join(' ')}`)
  assert.deepEqual(got, tags, `GET_ST ${words.join(' ')}`)
}

/** A call, and what its buffer is to hold afterwards. */
export function assertReply({ device }: Borrowed, sent: string, reply: string): void {
  const bytes = fromHex(sent)
  assertResult(device.ioctl(PCI_TPH, bytes), 'ok', sent)
  assertHex(bytes, reply, `reply to ${sent}`)
}

/** A case about one device. */
export function on(
  role: Role,
  name: string,
  use: (dev: Borrowed, world: World) => void,
): ContractCase {
  return { name, roles: [role], run: (world) => onDevice(world, role, (dev) => use(dev, world)) }
}

function entriesArgument(op: number, words: readonly EntryWord[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16 + 12 * words.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setUint32(4, op, true)
  view.setUint32(8, words.length, true)
  for (const [i, word] of words.entries()) {
    const [, index, cpu, type] = /^(\d+)=(\d+|none)(@pm)?$/.exec(word) ?? []
    assert.ok(index !== undefined && cpu !== undefined, `no entry: ${word}`)
    view.setUint32(16 + 12 * i, cpu === 'none' ? 0xffffffff : Number(cpu), true)
    view.setUint8(16 + 12 * i + 4, type === undefined ? 0 : 1)
    view.setUint16(16 + 12 * i + 6, Number(index), true)
  }
  return bytes
}
