import { describe, expect, it } from 'vitest'
import { openDevice, reply, send, tagAt } from './raw-device.ts'

const EFAULT = -14
const EINVAL = -22

const IN_CAPABILITY = '0000:81:00.0'
const IN_MSIX = '0000:82:00.0'
const WITHOUT_TABLE = '0000:83:00.0'

describe('TPH_ST of the mock answers', () => {
  it.each([
    ['GET with the memory type bit', '14000000 0e000100 01000000 00000100 00000000', EINVAL],
    ['SET with tph_st.flags bit 1', '14000000 0e000200 02000000 00000100 01000000', EINVAL],
    ['SET with tph_st.flags bit 31', '14000000 0e000200 00000080 00000100 01000000', EINVAL],
    ['GET of no entry', '10000000 0e000100 00000000 00000000', EINVAL],
    ['SET of no entry', '10000000 0e000200 00000000 00000000', EINVAL],
    ['GET with argsz 19 for one entry', '13000000 0e000100 00000000 00000100 00000000', EINVAL],
    ['GET with no byte of the data', '14000000 0e000100 00000000 00000100', EFAULT],
    ['SET with 3 bytes of the data', '14000000 0e000200 00000000 00000100 010000', EFAULT],
    ['SET of CPU 20', '14000000 0e000200 00000000 00000100 14000000', EINVAL],
    ['SET of CPU 0xfffffffe', '14000000 0e000200 00000000 00000100 feffffff', EINVAL],
    ['SET of CPU 19, which is offline', '14000000 0e000200 00000000 00000100 13000000', 0],
    ['SET of 0xffffffff', '14000000 0e000200 00000000 00000100 ffffffff', 0],
    ['a larger argsz than needed', '40000000 0e000100 00000000 00000100 00000000', 0],
  ])('%s', (_what, hex, expected) => {
    expect(send(openDevice(IN_CAPABILITY), hex)).toBe(expected)
  })
})

describe('TPH_ST of the mock checks', () => {
  it.each([
    ['tph_st.flags before reading the data', '14000000 0e000200 02000000 00000100', EINVAL],
    ['the table before reading the data', '14000000 0e000200 00000000 40000100', EINVAL],
    ['argsz before reading the data', '10000000 0e000200 00000000 00000100', EINVAL],
    ['reading all data before its CPUs', '18000000 0e000200 00000000 00000200 14000000', EFAULT],
  ])('%s', (_what, hex, expected) => {
    expect(send(openDevice(IN_CAPABILITY), hex)).toBe(expected)
  })
})

describe('TPH_ST of the mock has a table', () => {
  it.each([
    ['64 entries in the capability', IN_CAPABILITY, '3f00 0100', 0],
    ['64 entries in the capability', IN_CAPABILITY, '4000 0100', EINVAL],
    ['64 entries in the capability', IN_CAPABILITY, '3f00 0200', EINVAL],
    ['64 entries in the capability', IN_CAPABILITY, 'ffff ffff', EINVAL],
    ['2048 entries in the MSI-X table', IN_MSIX, 'ff07 0100', 0],
    ['2048 entries in the MSI-X table', IN_MSIX, '0008 0100', EINVAL],
    ['2048 entries in the MSI-X table', IN_MSIX, 'ff07 0200', EINVAL],
    ['2048 entries without a table', WITHOUT_TABLE, 'ff07 0100', 0],
    ['2048 entries without a table', WITHOUT_TABLE, '0008 0100', EINVAL],
  ])('of %s (%s, index and count %s)', (_what, bdf, range, expected) => {
    const device = openDevice(bdf)
    const data = '01000000 01000000'
    expect(send(device, `18000000 0e000100 00000000 ${range} ${data}`)).toBe(expected)
    expect(send(device, `18000000 0e000200 00000000 ${range} ${data}`)).toBe(expected)
  })

  it('of 2048 entries that one SET fills', () => {
    const device = openDevice(IN_MSIX)
    expect(send(device, `10200000 0e000200 00000000 0000 0008 ${'03000000'.repeat(2048)}`)).toBe(0)
    expect([tagAt(device, 0), tagAt(device, 2047)]).toEqual([0x103, 0x103])
  })
})

describe('GET of the mock', () => {
  it('gives 0 for what was never set and leaves the header as it was sent', () => {
    const hex = '18000000 0e000100 00000000 0500 0200 ffffffff ffffffff'
    expect(reply(openDevice(IN_CAPABILITY), hex)).toBe(
      '180000000e0001000000000005000200' + '0000000000000000',
    )
  })

  it.each([
    ['0x100 + CPU', IN_CAPABILITY, '00000000', 0x107],
    ['0x200 + CPU for persistent memory', IN_CAPABILITY, '01000000', 0x207],
    ['0x100 + CPU', IN_MSIX, '00000000', 0x107],
    ['8 bits, 1 + 2 × CPU', WITHOUT_TABLE, '00000000', 15],
    ['8 bits, 2 + 2 × CPU for persistent memory', WITHOUT_TABLE, '01000000', 16],
  ])('gives %s (%s)', (_what, bdf, flags, tag) => {
    const device = openDevice(bdf)
    expect(send(device, `14000000 0e000200 ${flags} 2000 0100 07000000`)).toBe(0)
    expect(tagAt(device, 32)).toBe(tag)
    expect([tagAt(device, 31), tagAt(device, 33)]).toEqual([0, 0])
  })

  it('gives 0 for an entry that 0xffffffff cleared', () => {
    const device = openDevice(IN_CAPABILITY)
    send(device, '18000000 0e000200 00000000 0000 0200 03000000 04000000')
    expect(send(device, '14000000 0e000200 00000000 0000 0100 ffffffff')).toBe(0)
    expect([tagAt(device, 0), tagAt(device, 1)]).toEqual([0, 0x104])
  })
})

describe('SET of the mock', () => {
  it('applies nothing when one of its CPUs is not possible', () => {
    const device = openDevice(IN_CAPABILITY)
    send(device, '14000000 0e000200 00000000 0000 0100 01000000')
    const hex = '1c000000 0e000200 00000000 0000 0300 02000000 14000000 ffffffff'
    expect(send(device, hex)).toBe(EINVAL)
    expect([0, 1, 2].map((index) => tagAt(device, index))).toEqual([0x101, 0, 0])
  })
})
