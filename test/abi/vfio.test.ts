import { describe, expect, it } from 'vitest'
import * as vfio from '../../src/abi/vfio.ts'
import { fromHex, toHex } from './hex.ts'

// Numbers of <linux/vfio.h> as strace and uapi.md have them.
const CONSTANTS: [string, unknown, unknown][] = [
  ['VFIO_TYPE', vfio.VFIO_TYPE, ';'],
  ['VFIO_BASE', vfio.VFIO_BASE, 100],
  ['VFIO_API_VERSION', vfio.VFIO_API_VERSION, 0],
  ['VFIO_TYPE1_IOMMU', vfio.VFIO_TYPE1_IOMMU, 1],
  ['VFIO_TYPE1v2_IOMMU', vfio.VFIO_TYPE1v2_IOMMU, 3],
  ['VFIO_NOIOMMU_IOMMU', vfio.VFIO_NOIOMMU_IOMMU, 8],
  ['VFIO_GET_API_VERSION', vfio.VFIO_GET_API_VERSION, 0x3b64],
  ['VFIO_CHECK_EXTENSION', vfio.VFIO_CHECK_EXTENSION, 0x3b65],
  ['VFIO_SET_IOMMU', vfio.VFIO_SET_IOMMU, 0x3b66],
  ['VFIO_GROUP_GET_STATUS', vfio.VFIO_GROUP_GET_STATUS, 0x3b67],
  ['VFIO_GROUP_SET_CONTAINER', vfio.VFIO_GROUP_SET_CONTAINER, 0x3b68],
  ['VFIO_GROUP_UNSET_CONTAINER', vfio.VFIO_GROUP_UNSET_CONTAINER, 0x3b69],
  ['VFIO_GROUP_GET_DEVICE_FD', vfio.VFIO_GROUP_GET_DEVICE_FD, 0x3b6a],
  ['VFIO_DEVICE_GET_INFO', vfio.VFIO_DEVICE_GET_INFO, 0x3b6b],
  ['VFIO_DEVICE_GET_REGION_INFO', vfio.VFIO_DEVICE_GET_REGION_INFO, 0x3b6c],
  ['VFIO_DEVICE_SET_IRQS', vfio.VFIO_DEVICE_SET_IRQS, 0x3b6e],
  ['VFIO_DEVICE_RESET', vfio.VFIO_DEVICE_RESET, 0x3b6f],
  ['VFIO_DEVICE_FEATURE', vfio.VFIO_DEVICE_FEATURE, 0x3b75],
  ['VFIO_DEVICE_BIND_IOMMUFD', vfio.VFIO_DEVICE_BIND_IOMMUFD, 0x3b76],
  ['VFIO_GROUP_FLAGS_VIABLE', vfio.VFIO_GROUP_FLAGS_VIABLE, 1],
  ['VFIO_GROUP_FLAGS_CONTAINER_SET', vfio.VFIO_GROUP_FLAGS_CONTAINER_SET, 2],
  ['VFIO_DEVICE_FLAGS_RESET', vfio.VFIO_DEVICE_FLAGS_RESET, 1],
  ['VFIO_DEVICE_FLAGS_PCI', vfio.VFIO_DEVICE_FLAGS_PCI, 2],
  ['VFIO_REGION_INFO_FLAG_READ', vfio.VFIO_REGION_INFO_FLAG_READ, 1],
  ['VFIO_REGION_INFO_FLAG_WRITE', vfio.VFIO_REGION_INFO_FLAG_WRITE, 2],
  ['VFIO_REGION_INFO_FLAG_MMAP', vfio.VFIO_REGION_INFO_FLAG_MMAP, 4],
  ['VFIO_REGION_INFO_FLAG_CAPS', vfio.VFIO_REGION_INFO_FLAG_CAPS, 8],
  ['VFIO_REGION_INFO_CAP_SPARSE_MMAP', vfio.VFIO_REGION_INFO_CAP_SPARSE_MMAP, 1],
  ['VFIO_PCI_BAR0_REGION_INDEX', vfio.VFIO_PCI_BAR0_REGION_INDEX, 0],
  ['VFIO_PCI_CONFIG_REGION_INDEX', vfio.VFIO_PCI_CONFIG_REGION_INDEX, 7],
  ['VFIO_DEVICE_FEATURE_MASK', vfio.VFIO_DEVICE_FEATURE_MASK, 0xffff],
  ['VFIO_DEVICE_FEATURE_GET', vfio.VFIO_DEVICE_FEATURE_GET, 0x10000],
  ['VFIO_DEVICE_FEATURE_SET', vfio.VFIO_DEVICE_FEATURE_SET, 0x20000],
  ['VFIO_DEVICE_FEATURE_PROBE', vfio.VFIO_DEVICE_FEATURE_PROBE, 0x40000],
  ['VFIO_DEVICE_BIND_FLAG_TOKEN', vfio.VFIO_DEVICE_BIND_FLAG_TOKEN, 1],
]

describe('constants of <linux/vfio.h>', () => {
  it.each(CONSTANTS)('%s', (_name, actual, expected) => {
    expect(actual).toBe(expected)
  })

  it('are all pinned here', () => {
    const exported = Object.keys(vfio).filter((name) => name.startsWith('VFIO_'))
    expect(CONSTANTS.map(([name]) => name).sort()).toEqual(exported.sort())
  })
})

describe('vfio_group_status', () => {
  it.each([
    [{ argsz: 8, flags: 0 }, '0800000000000000'],
    [{ argsz: 8, flags: 3 }, '0800000003000000'],
  ])('%o <=> %s', (value, hex) => {
    expect(toHex(vfio.vfio_group_status.encode(value))).toBe(hex)
    expect(vfio.vfio_group_status.decode(fromHex(hex))).toEqual(value)
  })
})

describe('vfio_device_feature', () => {
  it.each([
    [{ argsz: 8, flags: 0x10000 }, '0800000000000100'],
    [{ argsz: 0xffffffff, flags: 0 }, 'ffffffff00000000'],
    [{ argsz: 24, flags: 0x2000e }, '180000000e000200'],
  ])('%o <=> %s', (value, hex) => {
    expect(toHex(vfio.vfio_device_feature.encode(value))).toBe(hex)
    expect(vfio.vfio_device_feature.decode(fromHex(hex))).toEqual(value)
  })
})

describe('vfio_device_info', () => {
  it.each([
    [
      { argsz: 24, flags: 3, num_regions: 9, num_irqs: 5, cap_offset: 0 },
      '180000000300000009000000050000000000000000000000',
    ],
  ])('%o <=> %s', (value, hex) => {
    expect(toHex(vfio.vfio_device_info.encode(value))).toBe(hex)
    expect(vfio.vfio_device_info.decode(fromHex(hex))).toEqual(value)
  })
})

describe('vfio_region_info', () => {
  it.each([
    [
      { argsz: 32, flags: 0, index: 7, cap_offset: 0, size: 0n, offset: 0n },
      '20000000000000000700000000000000' + '00000000000000000000000000000000',
    ],
    [
      { argsz: 32, flags: 15, index: 0, cap_offset: 32, size: 0x4000n, offset: 0x70000000000n },
      '200000000f0000000000000020000000' + '00400000000000000000000000070000',
    ],
  ])('%o <=> %s', (value, hex) => {
    expect(toHex(vfio.vfio_region_info.encode(value))).toBe(hex)
    expect(vfio.vfio_region_info.decode(fromHex(hex))).toEqual(value)
  })
})

describe('vfio_device_bind_iommufd', () => {
  it.each([
    [{ argsz: 16, flags: 0, iommufd: 5, out_devid: 0 }, '10000000000000000500000000000000'],
    [{ argsz: 16, flags: 0, iommufd: -1, out_devid: 2 }, '1000000000000000ffffffff02000000'],
  ])('%o <=> %s', (value, hex) => {
    expect(toHex(vfio.vfio_device_bind_iommufd.encode(value))).toBe(hex)
    expect(vfio.vfio_device_bind_iommufd.decode(fromHex(hex))).toEqual(value)
  })

  it('with a token is 24 bytes, the pointer at 16', () => {
    const value = { argsz: 24, flags: 1, iommufd: 5, out_devid: 0, token_uuid_ptr: 0x7f00_1234n }
    const hex = '1800000001000000050000000000000034' + '12007f00000000'
    expect(toHex(vfio.vfio_device_bind_iommufd_token.encode(value))).toBe(hex)
    expect(vfio.vfio_device_bind_iommufd_token.decode(fromHex(hex))).toEqual(value)
  })
})

const structs = Object.values(vfio).filter((item) => typeof item === 'object')

describe.each(structs)('$name ($size bytes)', (layout) => {
  const fields = Object.entries(layout.fields).filter(([field]) => !field.startsWith('_'))
  const wide = (size: number) => size === 8
  const zero = Object.fromEntries(fields.map(([field, { size }]) => [field, wide(size) ? 0n : 0]))
  const encode = (layout as { encode(value: object): Uint8Array }).encode

  it('rejects a short buffer', () => {
    expect(() => layout.decode(new Uint8Array(layout.size - 1))).toThrow(RangeError)
  })

  it.each(fields)('rejects %s out of range', (field, { size }) => {
    const bad = wide(size) ? [2n ** 64n, -1n, 1.5] : [2 ** 32, -(2 ** 31) - 1, 1.5, Number.NaN]
    for (const value of bad) {
      expect(() => encode({ ...zero, [field]: value })).toThrow(`${layout.name}.${field}`)
    }
  })
})
