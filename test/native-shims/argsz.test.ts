import { describe, expect, it } from 'vitest'
import { startsWithArgsz } from '../../native-shims/argsz.ts'
import { checkArgsz } from '../../native-shims/libc.ts'
import { fromHex } from '../abi/hex.ts'

describe('startsWithArgsz()', () => {
  it.each([
    ['VFIO_GROUP_GET_STATUS', 0x3b67],
    ['VFIO_DEVICE_GET_INFO', 0x3b6b],
    ['VFIO_DEVICE_GET_REGION_INFO', 0x3b6c],
    ['VFIO_DEVICE_SET_IRQS', 0x3b6e],
    ['VFIO_DEVICE_FEATURE', 0x3b75],
    ['VFIO_DEVICE_BIND_IOMMUFD', 0x3b76],
    ['VFIO_DEVICE_DETACH_IOMMUFD_PT', 0x3b78],
    ['IOMMU_DESTROY of iommufd', 0x3b80],
    ['one not known', 0x3bff],
  ])('is true of %s', (_, request) => {
    expect(startsWithArgsz(request)).toBe(true)
  })

  it.each([
    ['VFIO_GET_API_VERSION', 0x3b64],
    ['VFIO_CHECK_EXTENSION', 0x3b65],
    ['VFIO_SET_IOMMU', 0x3b66],
    ['VFIO_GROUP_SET_CONTAINER', 0x3b68],
    ['VFIO_GROUP_UNSET_CONTAINER', 0x3b69],
    ['VFIO_GROUP_GET_DEVICE_FD', 0x3b6a],
    ['VFIO_DEVICE_RESET', 0x3b6f],
    ['FIONREAD', 0x541b],
    ['a request with a size in it', 0xc008_3b75],
    ['a negative number', -0x3b75],
  ])('is false of %s', (_, request) => {
    expect(startsWithArgsz(request)).toBe(false)
  })
})

describe('checkArgsz()', () => {
  it.each(['00000000', '04000000', '0800000000000100', '0400000000000000'])('accepts %s', (hex) => {
    expect(() => checkArgsz(fromHex(hex))).not.toThrow()
  })

  it.each(['05000000', 'ffffffff', '00000080', '0900000000000100'])('refuses %s', (hex) => {
    expect(() => checkArgsz(fromHex(hex))).toThrow(RangeError)
  })

  it.each(['', '00', '000000'])('refuses "%s", too short for it', (hex) => {
    expect(() => checkArgsz(fromHex(hex))).toThrow(RangeError)
  })

  it('looks at a view, not at the buffer behind it', () => {
    const bytes = fromHex('ffffffff08000000ffffffff')
    expect(() => checkArgsz(bytes.subarray(4, 12))).not.toThrow()
    expect(() => checkArgsz(bytes.subarray(4, 8))).toThrow(RangeError)
  })
})
