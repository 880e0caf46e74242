import { describe, expect, it } from 'vitest'
import { describeIoctl } from '../../src/abi/describe.ts'
import { CLEAR_CPU } from '../../src/abi/pci-tph-v8.ts'
import {
  decodeGetCap,
  decodeTags,
  encodeDisable,
  encodeEnable,
  encodeEntries,
  encodeGetCap,
} from '../../src/abi/pci-tph-v8-codec.ts'
import { fromHex, toHex } from './hex.ts'

/* Bytes that C makes of the structures are compared in test/native-shims/abi-probe.test.ts. */

const entry = (index: number, cpu: number, memType = 0) => ({ index, cpu, memType })

describe('encode', () => {
  it.each([
    ['GET_CAP', encodeGetCap(), '10000000 00000000 ffffffffffffffff'],
    ['ENABLE iv', encodeEnable(1), '10000000 01000000 01 00000000000000'],
    ['DISABLE', encodeDisable(), '10000000 02000000 0000000000000000'],
  ])('%s', (_name, bytes, hex) => {
    expect(toHex(bytes)).toBe(hex.replaceAll(' ', ''))
  })

  it.each([
    ['no entry', []],
    ['2049 entries', Array.from({ length: 2049 }, (_, i) => entry(i, 0))],
    ['an index of 65536', [entry(65536, 0)]],
    ['a CPU of -1', [entry(0, -1)]],
    ['a memory type of 256', [entry(0, 0, 256)]],
  ])('encodeEntries() refuses %s', (_what, entries) => {
    expect(() => encodeEntries(4, entries)).toThrow(RangeError)
  })
})

describe('decode', () => {
  it.each([
    ['another argsz', '11000000 00000000 03004000 00000000'],
    ['another op', '10000000 01000000 03004000 00000000'],
    ['reserved0', '10000000 00000000 03014000 00000000'],
    ['reserved', '10000000 00000000 03004000 00000080'],
  ])('decodeGetCap() refuses a reply with %s', (_what, hex) => {
    expect(() => decodeGetCap(fromHex(hex))).toThrow(
      expect.objectContaining({ name: 'PciTphShapeError' }),
    )
  })

  it('decodeTags() refuses a reply with another count', () => {
    const reply = encodeEntries(3, [entry(0, 1)])
    expect(decodeTags(reply, 3, 1)).toEqual([0])
    expect(() => decodeTags(reply, 3, 2)).toThrow('count 1 where 2 was sent')
    expect(() => decodeTags(reply, 4, 1)).toThrow('another header')
  })
})

describe('describeIoctl() of VFIO_DEVICE_PCI_TPH', () => {
  it.each([
    [encodeGetCap(), 'GET_CAP'],
    [encodeEnable(1), 'ENABLE iv'],
    [encodeEnable(2), 'ENABLE ds'],
    [encodeEnable(5), 'ENABLE mode 5'],
    [encodeDisable(), 'DISABLE'],
    [
      encodeEntries(3, [entry(0, 4), entry(0, 5), entry(0, 9, 1)]),
      'GET_ST count 3 cpu 4-5 cpu 9@pm',
    ],
    [
      encodeEntries(4, [
        entry(0, 8),
        entry(1, 9),
        entry(2, 9, 1),
        entry(3, 9, 1),
        entry(9, CLEAR_CPU),
      ]),
      'SET_ST count 5 0-1=8-9 2-3=9@pm 9=none',
    ],
    [encodeEntries(4, [entry(0, 1, 7)]), 'SET_ST count 1 0=1@7'],
    [fromHex('10000000 09000000 0000000000000000'), 'op 9 argsz 16'],
    [fromHex('ff000000 04000000'), 'SET_ST argsz 255'],
    [fromHex('1c000000 04000000 02000000 00000000 000000000000000000000000'), 'SET_ST argsz 28'],
    [fromHex('08000000'), 'argsz 8'],
  ])('%#: %s', (bytes, words) => {
    expect(describeIoctl(0x3b7a, bytes)).toBe(`VFIO_DEVICE_PCI_TPH ${words}`)
  })

  it('is of no other number', () => {
    expect(describeIoctl(0x3b7b, encodeDisable())).toBe('0x3b7b')
    expect(describeIoctl(0x3b7a, new Uint8Array(0))).toBe('VFIO_DEVICE_PCI_TPH')
  })
})
