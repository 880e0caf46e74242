import { describe, expect, it } from 'vitest'
import { CONTROL, openDevice, peek, poke } from './raw-device.ts'

const EXTENDED = '0000:81:00.0'
/** DS mode alone, 8-bit tags. */
const DS_ONLY = '0000:83:00.0'

const control = (bdf: string, ...writes: readonly (readonly [offset: number, hex: string])[]) => {
  const device = openDevice(bdf)
  for (const [offset, hex] of writes) poke(device, CONTROL + offset, hex)
  return peek(device, CONTROL, 4)
}

describe('the control register of the mock', () => {
  it.each([
    ['4 bytes', [[0, '01030000']], '01030000'],
    ['2 bytes', [[0, '0203']], '02030000'],
    [
      '1 byte of mode, then 1 of requester',
      [
        [0, '01'],
        [1, '03'],
      ],
      '01030000',
    ],
    ['1 byte of requester alone, in mode none', [[1, '03']], '00030000'],
    ['4 bytes that begin 2 before it', [[-2, 'ffff0203']], '02030000'],
    ['3 bytes that begin at its second', [[1, '03ffff']], '00030000'],
    ['8 bytes from the capability register on', [[-4, 'ffffffff01030000']], '01030000'],
    ['reserved bits, which stay 0', [[0, 'f9fcffff']], '01000000'],
    ['the byte behind it', [[4, '01']], '00000000'],
    ['the byte before it', [[-1, '01']], '00000000'],
  ] as const)('takes %s', (_what, writes, value) => {
    expect(control(EXTENDED, ...writes)).toBe(value)
  })

  it.each([
    ['TPH where the kernel has extended', EXTENDED, '01010000', '01030000'],
    ['the reserved value 2', EXTENDED, '01020000', '01030000'],
    ['extended where the device has TPH', DS_ONLY, '02030000', '02010000'],
  ])('shows the requester type of the kernel for %s', (_what, bdf, written, value) => {
    expect(control(bdf, [0, written])).toBe(value)
  })

  it.each([
    ['IV where DS is on', DS_ONLY, '02010000', '01010000', '02010000'],
    ['IV where all is off', DS_ONLY, '00000000', '01010000', '00000000'],
    ['reserved mode 3', EXTENDED, '01030000', '03030000', '01030000'],
    ['reserved mode 7', EXTENDED, '00000000', '07030000', '00000000'],
  ])('is left as it is by a mode that the device lacks: %s', (_what, bdf, first, second, value) => {
    expect(control(bdf, [0, first], [0, second])).toBe(value)
  })

  it('is switched off by 4 bytes of 0 and by a requester byte of 0', () => {
    expect(control(EXTENDED, [0, '01030000'], [0, '00000000'])).toBe('00000000')
    expect(control(EXTENDED, [0, '01030000'], [1, '00'])).toBe('01000000')
  })

  it('takes another mode while it is on', () => {
    expect(control(EXTENDED, [0, '01030000'], [0, '02030000'])).toBe('02030000')
  })
})
