import { describe, expect, it } from 'vitest'
import * as vfio from '../../src/abi/vfio.ts'
import { fromHex, toHex } from './hex.ts'

describe('vfio_region_info_cap_sparse_mmap', () => {
  it.each([
    [{ id: 1, version: 1, next: 0, nr_areas: 2 }, '01000100000000000200000000000000'],
    [{ id: 1, version: 1, next: 0x60, nr_areas: 0 }, '01000100600000000000000000000000'],
  ])('%o <=> %s', (value, hex) => {
    expect(toHex(vfio.vfio_region_info_cap_sparse_mmap.encode(value))).toBe(hex)
    expect(vfio.vfio_region_info_cap_sparse_mmap.decode(fromHex(hex))).toEqual(value)
  })

  it('has areas of offset and size, and begins as every capability', () => {
    const area = { offset: 0x3000n, size: 0x1000n }
    const hex = '00300000000000000010000000000000'
    expect(toHex(vfio.vfio_region_sparse_mmap_area.encode(area))).toBe(hex)
    expect(vfio.vfio_region_sparse_mmap_area.decode(fromHex(hex))).toEqual(area)
    const header = { id: 1, version: 1, next: 0x30 }
    expect(toHex(vfio.vfio_info_cap_header.encode(header))).toBe('0100010030000000')
    expect(vfio.vfio_info_cap_header.decode(fromHex('0100010030000000'))).toEqual(header)
  })
})
