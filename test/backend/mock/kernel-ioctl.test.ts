import { describe, expect, it } from 'vitest'
import { openDevice, reply, send } from './raw-device.ts'

const EFAULT = -14
const EINVAL = -22
const ENOTTY = -25

const TABLE_IN_CAPABILITY = '0000:81:00.0'
const WITHOUT_TPH = '0000:84:00.0'

describe('VFIO_DEVICE_FEATURE of the mock answers', () => {
  it.each([
    ['an empty buffer', '', EFAULT],
    ['a header cut after 7 bytes', '08000000 0e0004', EFAULT],
    ['argsz 7', '07000000 0e000400', EINVAL],
    ['argsz 0', '00000000 0e000400', EINVAL],
    ['flag bit 19', '08000000 0e000c00', EINVAL],
    ['flag bit 31', '08000000 0e000480', EINVAL],
    ['GET and SET without PROBE', '14000000 0e000300 00000000 00000100 00000000', EINVAL],
    ['another feature index', '08000000 0f000400', ENOTTY],
    ['feature 2, SET', '10000000 02000200 00000000 00000000', ENOTTY],
    ['PROBE', '08000000 0e000400', 0],
    ['PROBE GET', '08000000 0e000500', 0],
    ['PROBE SET', '08000000 0e000600', 0],
    ['PROBE GET SET', '08000000 0e000700', 0],
    ['PROBE with an argsz beyond the buffer', '14000000 0e000400', 0],
    ['neither GET nor SET', '14000000 0e000000 00000000 00000100 00000000', EINVAL],
    ['GET with argsz 15', '0f000000 0e000100 00000000 00000100 00000000', EINVAL],
    ['SET with argsz 8', '08000000 0e000200 00000000 00000100 00000000', EINVAL],
    ['GET with no byte of the payload', '14000000 0e000100', EFAULT],
    ['SET with 15 bytes of the header', '14000000 0e000200 00000000 000001', EFAULT],
  ])('%s', (_what, hex, expected) => {
    expect(send(openDevice(TABLE_IN_CAPABILITY), hex)).toBe(expected)
  })
})

describe('VFIO_DEVICE_FEATURE of the mock checks', () => {
  it.each([
    ['argsz before the feature index', '04000000 0f000400', EINVAL],
    ['unknown flags before the feature index', '08000000 0f000c00', EINVAL],
    ['GET with SET before the feature index', '08000000 0f000300', EINVAL],
    ['the feature index before having neither GET nor SET', '08000000 0f000000', ENOTTY],
    ['the feature index before the size of the header', '08000000 0f000100', ENOTTY],
    ['neither GET nor SET before reading the payload', '14000000 0e000000', EINVAL],
    ['the size of the header before reading the payload', '0c000000 0e000100', EINVAL],
    ['reading the payload before its flags', '14000000 0e000200 02000000', EFAULT],
  ])('%s', (_what, hex, expected) => {
    expect(send(openDevice(TABLE_IN_CAPABILITY), hex)).toBe(expected)
  })
})

describe('VFIO_DEVICE_FEATURE of a device without TPH', () => {
  it.each([
    ['PROBE', '08000000 0e000700', ENOTTY],
    ['GET', '14000000 0e000100 00000000 00000100 00000000', ENOTTY],
    ['SET', '14000000 0e000200 00000000 00000100 01000000', ENOTTY],
    ['argsz 7', '07000000 0e000400', EINVAL],
  ])('answers %s', (_what, hex, expected) => {
    expect(send(openDevice(WITHOUT_TPH), hex)).toBe(expected)
  })
})

describe('VFIO_DEVICE_GET_INFO', () => {
  const GET_INFO = 0x3b6b

  it('tells of a PCI device with reset, 9 regions and 5 interrupt kinds', () => {
    const device = openDevice(TABLE_IN_CAPABILITY)
    expect(reply(device, '10000000 00000000 00000000 00000000', GET_INFO)).toBe(
      '10000000030000000900000005000000',
    )
  })

  it('fills in as much of the struct as argsz has room for, and no capabilities', () => {
    const device = openDevice(TABLE_IN_CAPABILITY)
    const ones = 'ff'.repeat(16)
    const start = '030000000900000005000000'
    expect(reply(device, `14000000 ${ones}`, GET_INFO)).toBe(`14000000${start}00000000`)
    expect(reply(device, `20000000 ${ones} ${ones}`, GET_INFO)).toBe(
      `20000000${start}0000000000000000${'ff'.repeat(12)}`,
    )
  })

  it.each([
    ['argsz 24 of 20 readable bytes', `18000000 ${'00'.repeat(16)}`, EFAULT],
    ['argsz 15', '0f000000 00000000 00000000 00000000', EINVAL],
    ['15 readable bytes', '10000000 00000000 00000000 000000', EFAULT],
  ])('refuses %s', (_what, hex, expected) => {
    expect(send(openDevice(TABLE_IN_CAPABILITY), hex, GET_INFO)).toBe(expected)
  })
})

describe('VFIO_DEVICE_GET_REGION_INFO', () => {
  const GET_REGION_INFO = 0x3b6c
  const region = (index: string) => `20000000 00000000 ${index}000000 00000000 ${'00'.repeat(16)}`

  it('says that region 7 has 4096 bytes at 7 << 40, to read and write', () => {
    const device = openDevice(TABLE_IN_CAPABILITY)
    expect(reply(device, region('07'), GET_REGION_INFO)).toBe(
      '20000000030000000700000000000000' + '0010000000000000' + '0000000000070000',
    )
  })

  it('says that the BAR of the MSI-X table can be mapped, which takes 40 bytes to say', () => {
    const device = openDevice('0000:82:00.0')
    const bar = '0000010000000000' + '0000000000000000'
    expect(reply(device, region('00'), GET_REGION_INFO)).toBe(
      `280000000f0000000000000000000000${bar}`,
    )
    const roomy = `28000000 ${region('00').slice(9)} ${'ff'.repeat(8)}`
    expect(reply(device, roomy, GET_REGION_INFO)).toBe(
      `280000000f0000000000000020000000${bar}0300010000000000`,
    )
  })

  it.each(['01', '06'])('says that region %s is empty', (index) => {
    expect(reply(openDevice(TABLE_IN_CAPABILITY), region(index), GET_REGION_INFO)).toBe(
      [`2000000000000000${index}00000000000000`, '00'.repeat(8), `0000000000${index}0000`].join(''),
    )
  })

  it.each([
    ['region 8, VGA', region('08'), EINVAL],
    ['32 readable bytes of 40', region('00').replace('20', '28'), EFAULT],
    ['region 9', region('09'), EINVAL],
    ['argsz 31', region('07').replace('20', '1f'), EINVAL],
    ['31 readable bytes', region('07').slice(0, -2), EFAULT],
  ])('refuses %s', (_what, hex, expected) => {
    expect(send(openDevice(TABLE_IN_CAPABILITY), hex, GET_REGION_INFO)).toBe(expected)
  })
})

describe('an ioctl that no VFIO device has', () => {
  it.each([0x3b64, 0x3b76, 0, 0x5401])('%i is ENOTTY', (request) => {
    expect(send(openDevice(TABLE_IN_CAPABILITY), '08000000 0e000400', request)).toBe(ENOTTY)
  })
})
