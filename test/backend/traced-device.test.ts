import { describe, expect, it } from 'vitest'
import { traced } from '../../src/backend/traced-device.ts'
import { CallError, type Device } from '../../src/backend/types.ts'
import { fromHex } from '../abi/hex.ts'

/** A device whose ioctl fills in a tag or fails, and whose config space counts up. */
function tracedDevice(result: number) {
  const lines: string[] = []
  const closed: string[] = []
  const device: Device = {
    bdf: '0000:81:00.0',
    ioctl(_request, bytes) {
      if (result === 0) bytes[16] = 7
      return result
    },
    readConfig: (offset, length) => Uint8Array.from({ length }, (_, i) => offset + i),
    writeConfig() {
      if (result < 0) throw new CallError('write', -result)
    },
    readBar(bar, offset, length) {
      if (result < 0) throw new CallError('mmap', -result)
      return Uint8Array.from({ length }, (_, i) => bar + offset + i)
    },
    close: () => void closed.push('closed'),
  }
  return { device: traced(device, (line) => lines.push(line), 14), lines, closed }
}

const GET = '14000000 0e000100 00000000 0300 0100 00000000'

describe('traced()', () => {
  it('tells an ioctl by its name, its result, the bytes sent and the reply', () => {
    const { device, lines } = tracedDevice(0)
    expect(device.ioctl(0x3b75, fromHex(GET))).toBe(0)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^ioctl VFIO_DEVICE_FEATURE GET TPH_ST index 3 count 1.* = 0 \[/)
    expect(lines[0]).toContain('[14 00 00 00 0e 00 01 00 00 00 00 00 03 00 01 00 00 00 00 00]')
    expect(lines[0]).toContain('-> [14 00 00 00 0e 00 01 00 00 00 00 00 03 00 01 00 07 00 00 00]')
  })

  it('tells a failed ioctl by the name of its errno, and no reply that is as it was sent', () => {
    const { device, lines } = tracedDevice(-22)
    expect(device.ioctl(0x3b75, fromHex(GET))).toBe(-22)
    expect(lines[0]).toContain(' = -1 EINVAL [')
    expect(lines[0]).not.toContain('->')
  })

  it('tells reads and writes of config space', () => {
    const { device, lines } = tracedDevice(0)
    device.readConfig(0x1a8, 4)
    device.readConfig(0, 4096)
    device.writeConfig(0x1a8, fromHex('01030000'))
    expect(lines).toEqual([
      'read config 0x1a8 length 4 = 4 [a8 a9 aa ab]',
      'read config 0x000 length 4096 = 4096 [00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f …]',
      'write config 0x1a8 length 4 = 4 [01 03 00 00]',
    ])
  })

  it('tells of a write that fails and lets its error through', () => {
    const { device, lines } = tracedDevice(-1)
    expect(() => device.writeConfig(0x1a8, fromHex('01030000'))).toThrow(CallError)
    expect(lines).toEqual(['write config 0x1a8 length 4 = -1 EPERM'])
  })

  it('tells reads of a BAR, and lets their errors through', () => {
    const { device, lines } = tracedDevice(0)
    expect([...device.readBar(2, 0x40, 4)]).toEqual([0x42, 0x43, 0x44, 0x45])
    const failing = tracedDevice(-19)
    expect(() => failing.device.readBar(2, 0x40, 4)).toThrow(CallError)
    expect([...lines, ...failing.lines]).toEqual([
      'read bar 2 0x040 length 4 = 4 [42 43 44 45]',
      'read bar 2 0x040 length 4 = -1 ENODEV',
    ])
  })

  it('is the same device and closes it', () => {
    const { device, closed } = tracedDevice(0)
    expect(device.bdf).toBe('0000:81:00.0')
    device.close()
    expect(closed).toEqual(['closed'])
  })
})
