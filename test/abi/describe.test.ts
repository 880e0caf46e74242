import { describe, expect, it } from 'vitest'
import { describeIoctl } from '../../src/abi/describe.ts'
import { fromHex, inLargerBuffer } from './hex.ts'

const FEATURE = 0x3b75

describe('describeIoctl() of VFIO_DEVICE_FEATURE', () => {
  it.each([
    ['08000000 0e000400', 'PROBE TPH_ST'],
    ['08000000 0e000600', 'PROBE SET TPH_ST'],
    ['08000000 0e000700', 'PROBE GET|SET TPH_ST'],
    ['08000000 03000500', 'PROBE GET feature 3'],
    ['18000000 0e000100 00000000 0201 0200 0000000000000000', 'GET TPH_ST index 258 count 2'],
    [
      '20000000 0e000200 00000000 0000 0400 08000000 09000000 0a000000 0b000000',
      'SET TPH_ST index 0 count 4 vm cpus 8-11',
    ],
    ['14000000 0e000200 01000000 ff07 0100 2c010000', 'SET TPH_ST index 2047 count 1 pm cpus 300'],
    [
      '18000000 0e000200 00000000 0000 0200 08000000 08000000',
      'SET TPH_ST index 0 count 2 vm cpus 8,8',
    ],
    [
      '28000000 0e000200 00000000 0000 0600' +
        'feffffff ffffffff ffffffff 09000000 08000000 09000000',
      'SET TPH_ST index 0 count 6 vm cpus 4294967294,none,none,9,8-9',
    ],
    [
      '18000000 0e000200 00000000 0000 0200 ffffffff 00000000',
      'SET TPH_ST index 0 count 2 vm cpus none,0',
    ],
  ])('%s', (hex, expected) => {
    expect(describeIoctl(FEATURE, fromHex(hex))).toBe(`VFIO_DEVICE_FEATURE ${expected}`)
    expect(describeIoctl(FEATURE, inLargerBuffer(fromHex(hex)))).toBe(
      `VFIO_DEVICE_FEATURE ${expected}`,
    )
  })

  it('calls only the index in use TPH_ST', () => {
    const bytes = fromHex('14000000 0e000100 00000000 0000 0100 00000000')
    expect(describeIoctl(FEATURE, bytes, 20)).toBe('VFIO_DEVICE_FEATURE GET feature 14 argsz 20')
    const other = fromHex('08000000 14000500')
    expect(describeIoctl(FEATURE, other, 20)).toBe('VFIO_DEVICE_FEATURE PROBE GET TPH_ST')
  })

  it('shows 2048 scattered CPUs whole', () => {
    const data = Array.from({ length: 2048 }, (_, i) => i * 2)
    const bytes = new Uint8Array(16 + 4 * 2048)
    bytes.set(fromHex('10200000 0e000200 00000000 0000 0008'))
    data.forEach((cpu, i) => {
      bytes.set([cpu & 0xff, cpu >> 8], 16 + 4 * i)
    })
    const cpus = describeIoctl(FEATURE, bytes).split(' cpus ')[1]
    expect(cpus).toBe(data.join(','))
  })
})

describe('describeIoctl() of a malformed argument', () => {
  it.each([
    ['', ''],
    ['080000', ''],
    ['04000000', ' argsz 4'],
    ['08000000 0e00', ' argsz 8'],
    ['08000000 0e000200', ' SET TPH_ST argsz 8'],
    ['10000000 0e000400', ' PROBE TPH_ST argsz 16'],
    ['10000000 0e000000', ' TPH_ST argsz 16'],
    ['08000000 0e002400', ' PROBE TPH_ST flags 0x200000'],
    ['08000000 0e000480', ' PROBE TPH_ST flags 0x80000000'],
    ['14000000 0e000200 00000000 0000 0400 08000000', ' SET TPH_ST index 0 count 4 vm argsz 20'],
    ['20000000 0e000200 00000000 0000 0400 08000000', ' SET TPH_ST index 0 count 4 vm argsz 32'],
    ['10000000 0e000200 00000000 0000 0000', ' SET TPH_ST index 0 count 0 vm'],
    [
      '14000000 0e000200 02000000 0000 0100 08000000',
      ' SET TPH_ST index 0 count 1 flags 0x2 cpus 8',
    ],
    ['14000000 0e000100 01000000 0000 0100 08000000', ' GET TPH_ST index 0 count 1 flags 0x1'],
    ['14000000 0e000300 00000000 0000 0100 08000000', ' GET|SET TPH_ST index 0 count 1 vm cpus 8'],
  ])('%j', (hex, expected) => {
    expect(describeIoctl(FEATURE, fromHex(hex))).toBe(`VFIO_DEVICE_FEATURE${expected}`)
  })

  it('never throws, whatever the length and the bytes', () => {
    for (let length = 0; length < 40; length++) {
      for (const byte of [0, 1, 0x0e, 0x7f, 0xff]) {
        const bytes = new Uint8Array(length).fill(byte)
        expect(describeIoctl(FEATURE, bytes, 0x0e0e)).toMatch(/^VFIO_DEVICE_FEATURE/)
      }
    }
  })
})

describe('describeIoctl() of other ioctls', () => {
  it.each([
    [0x3b64, 'VFIO_GET_API_VERSION'],
    [0x3b66, 'VFIO_SET_IOMMU'],
    [0x3b67, 'VFIO_GROUP_GET_STATUS'],
    [0x3b6a, 'VFIO_GROUP_GET_DEVICE_FD'],
    [0x3b6c, 'VFIO_DEVICE_GET_REGION_INFO'],
    [0x3b6e, 'VFIO_DEVICE_SET_IRQS'],
    [0x3b6f, 'VFIO_DEVICE_RESET'],
    [0x3b76, 'VFIO_DEVICE_BIND_IOMMUFD'],
    [0x3b99, '0x3b99'],
    [0, '0x0'],
  ])('0x%s is %s', (request, expected) => {
    expect(describeIoctl(request, new Uint8Array(0))).toBe(expected)
  })

  it('shows nothing of their arguments', () => {
    expect(describeIoctl(0x3b6e, fromHex('08000000 0e000500'))).toBe('VFIO_DEVICE_SET_IRQS')
  })
})
