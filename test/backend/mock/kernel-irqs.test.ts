import { describe, expect, it } from 'vitest'
import type { Device } from '../../../src/backend/types.ts'
import { toHex } from '../../abi/hex.ts'
import { CONTROL, openDevice, peek, poke, send } from './raw-device.ts'

const SET_IRQS = 0x3b6e
const RESET = 0x3b6f
const EFAULT = -14
const EINVAL = -22
const ENOTTY = -25
const ERANGE = -34

const IN_MSIX = '0000:82:00.0'
/** Message Control: bit 15 is MSI-X enable, bits 10:0 the vectors less 1. */
const MSIX_FLAGS = 0x72

const NO_VECTORS = '14000000 21000000 02000000 00000000 00000000'
const TWO_WITHOUT_EVENTFD = '1c000000 24000000 02000000 00000000 02000000 ffffffff ffffffff'
/** Vector 3, with fd 9. */
const FOURTH = '18000000 24000000 02000000 03000000 01000000 09000000'
const SET_CPU_1_FOR_0_TO_3 =
  '20000000 0e000200 00000000 0000 0400 01000000 01000000 01000000 01000000'
const IV = '01030000'

const irqs = (device: Device, hex: string) => send(device, hex, SET_IRQS)

/** The tags in the vector control dwords of vectors 0 to 3. */
const tags = (device: Device) =>
  [0, 1, 2, 3].map((vector) => toHex(device.readBar(0, 16 * vector + 12, 4)).slice(4))

const on = (device: Device) => {
  send(device, SET_CPU_1_FOR_0_TO_3)
  poke(device, CONTROL, IV)
}

describe('VFIO_DEVICE_SET_IRQS of the mock', () => {
  it('turns MSI-X off and on', () => {
    const device = openDevice(IN_MSIX)
    expect(irqs(device, NO_VECTORS)).toBe(0)
    expect(peek(device, MSIX_FLAGS, 2)).toBe('ff07')
    expect(irqs(device, TWO_WITHOUT_EVENTFD)).toBe(0)
    expect(peek(device, MSIX_FLAGS, 2)).toBe('ff87')
  })

  it('lets tags into the table once their vectors are allocated', () => {
    const device = openDevice(IN_MSIX)
    irqs(device, NO_VECTORS)
    on(device)
    expect(tags(device)).toEqual(['0000', '0000', '0000', '0000'])
    irqs(device, TWO_WITHOUT_EVENTFD)
    expect(tags(device)).toEqual(['0101', '0101', '0000', '0000'])
    irqs(device, FOURTH)
    expect(tags(device)).toEqual(['0101', '0101', '0000', '0101'])
  })

  it('masks all vectors when it turns MSI-X on, which wipes their tags', () => {
    const device = openDevice(IN_MSIX)
    on(device)
    irqs(device, NO_VECTORS)
    expect(tags(device)).toEqual(['0101', '0101', '0101', '0101'])
    poke(device, CONTROL, '00000000')
    irqs(device, TWO_WITHOUT_EVENTFD)
    expect(tags(device)).toEqual(['0000', '0000', '0000', '0000'])
    expect(toHex(device.readBar(0, 16 * 2047, 16))).toBe(`${'00'.repeat(12)}01000000`)
  })

  it('is outlived by its vectors and their tags when the device is reset', () => {
    const device = openDevice(IN_MSIX)
    on(device)
    expect(device.ioctl(RESET, new Uint8Array(0))).toBe(0)
    expect(tags(device)).toEqual(['0101', '0101', '0101', '0101'])
    expect(peek(device, MSIX_FLAGS, 2)).toBe('ff87')
  })

  it.each([
    ['19 readable bytes', '14000000 21000000 02000000 00000000 000000', EFAULT],
    ['argsz 19', '13000000 21000000 02000000 00000000 00000000', EINVAL],
    ['kind 5', '14000000 21000000 05000000 00000000 00000000', EINVAL],
    ['kind 0, which is not emulated', '14000000 21000000 00000000 00000000 00000000', ENOTTY],
    ['flag bit 6', '14000000 61000000 02000000 00000000 00000000', EINVAL],
    ['two kinds of data', '14000000 23000000 02000000 00000000 00000000', EINVAL],
    ['no kind of data', '14000000 20000000 02000000 00000000 00000000', EINVAL],
    ['vector 2048', '18000000 24000000 02000000 00080000 01000000 ffffffff', EINVAL],
    ['count 0xffffffff', '14000000 21000000 02000000 00000000 ffffffff', EINVAL],
    ['argsz without the data', '14000000 24000000 02000000 00000000 01000000', EINVAL],
    ['data that is not readable', '18000000 24000000 02000000 00000000 01000000', EFAULT],
    ['masking', '14000000 09000000 02000000 00000000 01000000', ENOTTY],
    ['triggering, of which nothing is seen', '14000000 21000000 02000000 00000000 01000000', 0],
  ])('answers %s', (_what, hex, expected) => {
    expect(irqs(openDevice(IN_MSIX), hex)).toBe(expected)
  })

  it.each([
    ['freeing nothing', NO_VECTORS, EINVAL],
    ['allocating nothing', '14000000 24000000 02000000 00000000 00000000', ERANGE],
  ])('answers %s while MSI-X is off', (_what, hex, expected) => {
    const device = openDevice(IN_MSIX)
    irqs(device, NO_VECTORS)
    expect(irqs(device, hex)).toBe(expected)
  })
})
