import { describe, expect, it } from 'vitest'
import { CallError, type Device } from '../../../src/backend/types.ts'
import { toHex } from '../../abi/hex.ts'
import { buildConfig } from '../../pci/build-config.ts'
import { CONTROL, dumpedMock, openDevice, openMock, poke, send } from './raw-device.ts'

const ENODEV = 19
const EIO = 5
const VECTORS = 8

/** SET of entries 0 and 1 to CPUs 1 and 2, volatile. */
const SET_1_2 = '18000000 0e000200 00000000 0000 0200 01000000 02000000'
const IV_EXTENDED = '01030000'
/** A vector with tag 0x0101 in the upper half of its vector control. */
const WITH_TAG_OF_CPU_1 = `${'00'.repeat(14)}0101`
const EMPTY = '00'.repeat(16)

/** A device out of a dump, its MSI-X table at 0x2000 of BAR 4. */
function dumped(msixControl = 0x8000): Device {
  const config = buildConfig({
    command: 0x0006,
    capabilities: [
      { offset: 0x70, id: 0x11, flags: msixControl | (VECTORS - 1), dwords: [0x2004, 0x3004] },
      { offset: 0xa0, id: 0x10, flags: 0x0002 },
    ],
    extended: [
      { offset: 0x100, id: 0x01 },
      { offset: 0x1a0, id: 0x17, dwords: [0x00070507, 0] },
    ],
  })
  return dumpedMock({ '0000:05:00.0': config }).borrow('0000:05:00.0')
}

const refused = new CallError('mmap', ENODEV)

describe('MockDevice.readBar()', () => {
  it('shows the MSI-X table as SET and enable write it', () => {
    const device = openDevice('0000:82:00.0')
    expect(toHex(device.readBar(0, 0, 32))).toBe(EMPTY + EMPTY)
    send(device, SET_1_2)
    expect(toHex(device.readBar(0, 0, 16))).toBe(EMPTY)
    poke(device, CONTROL, IV_EXTENDED)
    expect(toHex(device.readBar(0, 0, 16))).toBe(WITH_TAG_OF_CPU_1)
    expect(toHex(device.readBar(0, 28, 4))).toBe('00000201')
    expect(device.readBar(0, 0, 2048 * 16)).toHaveLength(2048 * 16)
  })

  it('of a dumped device has the table where its MSI-X capability says', () => {
    const device = dumped()
    poke(device, CONTROL, IV_EXTENDED)
    send(device, SET_1_2)
    expect(toHex(device.readBar(4, 0x2000, 16))).toBe(WITH_TAG_OF_CPU_1)
    expect(toHex(device.readBar(4, 0x2000 + 16 * VECTORS - 16, 16))).toBe(EMPTY)
  })

  it('of a device with MSI-X off shows no tags: the kernel writes none', () => {
    const device = dumped(0)
    poke(device, CONTROL, IV_EXTENDED)
    send(device, SET_1_2)
    expect(toHex(device.readBar(4, 0x2000, 16))).toBe(EMPTY)
  })

  it.each([
    ['another BAR', 0, 0x2000, 4],
    ['before the table', 4, 0x1ffc, 4],
    ['over its start', 4, 0x1ffc, 8],
    ['over its end', 4, 0x2000 + 16 * VECTORS - 4, 8],
    ['behind it', 4, 0x2000 + 16 * VECTORS, 4],
  ])('knows no other memory: %s', (_, bar, offset, length) => {
    expect(() => dumped().readBar(bar, offset, length)).toThrow(refused)
  })

  it('of a device without MSI-X has nothing', () => {
    const config = buildConfig({ capabilities: [{ offset: 0xa0, id: 0x10, flags: 2 }] })
    const device = dumpedMock({ '0000:05:00.0': config }).borrow('0000:05:00.0')
    expect(() => device.readBar(0, 0, 4)).toThrow(refused)
  })

  it('fails as a fault tells it to, as any read', () => {
    const device = openMock({ faults: 'read:2=EIO' }).borrow('0000:82:00.0')
    device.readConfig(0, 4)
    expect(() => device.readBar(0, 0, 4)).toThrow(`errno ${EIO}`)
    expect(device.readBar(0, 0, 4)).toHaveLength(4)
  })
})
