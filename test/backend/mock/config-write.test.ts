import { describe, expect, it } from 'vitest'
import { CallError } from '../../../src/backend/types.ts'
import { fromHex, toHex } from '../../abi/hex.ts'
import { buildConfig, patched } from '../../pci/build-config.ts'
import { CONTROL, dumpedMock, openDevice, peek, poke, TABLE } from './raw-device.ts'

const BDF = '0000:81:00.0'
const COMMAND = 0x04
const STATUS = 0x06

describe('a config write to the mock', () => {
  it.each([
    ['COMMAND takes memory, bus master and INTx disable', COMMAND, '0604', '0604'],
    ['COMMAND takes no reserved bit', COMMAND, '00f8', '0000'],
    ['the vendor and device id stay', 0x00, 'ffffffff', '34120081'],
    ['the class code stays', 0x08, 'ffffffff', '01000002'],
    ['the header type stays', 0x0e, 'ff', '00'],
    ['the capability pointer stays', 0x34, 'ff', '40'],
    ['the interrupt line is the system software’s', 0x3c, '0b', '0b'],
    ['the MSI-X control stays, which vfio lets nobody write', 0x72, 'ffff', '3f80'],
    ['the TPH capability header stays', CONTROL - 8, 'ffffffff', '17000100'],
    ['the TPH capability register stays', CONTROL - 4, 'ffffffff', '07033f00'],
    ['the ST table stays', TABLE, 'ffffffff', '00000000'],
    ['the last bytes of config space stay', 0xffc, 'ffffffff', '00000000'],
  ])('%s', (_what, offset, written, now) => {
    const device = openDevice(BDF)
    poke(device, offset, written)
    expect(peek(device, offset, fromHex(written).length)).toBe(now)
  })

  it('clears STATUS bits that are written as 1, and no others', () => {
    const config = patched(buildConfig({}), { [COMMAND]: 0xf9000000 })
    const device = dumpedMock({ '0000:01:00.0': config }).borrow('0000:01:00.0')
    poke(device, STATUS, '0081')
    expect(peek(device, STATUS, 2)).toBe('0078')
    poke(device, STATUS, '0000')
    expect(peek(device, STATUS, 2)).toBe('0078')
  })

  it('over several registers gives each its own', () => {
    const device = openDevice(BDF)
    poke(device, COMMAND - 1, 'ff0704ffff')
    expect(peek(device, 0, 8)).toBe('34120081' + '0704' + '1000')
  })

  it('of a whole config space of ones leaves what is read-only', () => {
    const device = openDevice(BDF)
    const before = device.readConfig(0, 4096)
    device.writeConfig(0, new Uint8Array(4096).fill(0xff))
    const after = device.readConfig(0, 4096)
    expect(toHex(after.subarray(0x100))).toBe(toHex(before.subarray(0x100)))
    expect(toHex(after.subarray(0, 4))).toBe(toHex(before.subarray(0, 4)))
  })

  it('beyond the end is EINVAL and changes nothing', () => {
    const device = openDevice(BDF)
    const refused = new CallError('write', 22)
    expect(() => poke(device, 0xffd, 'ffffffff')).toThrow(refused)
    expect(() => poke(device, 0x1000, 'ff')).toThrow(refused)
  })

  it('to a device without TPH reaches no control register', () => {
    const device = openDevice('0000:84:00.0')
    poke(device, CONTROL, '01030000')
    expect(peek(device, CONTROL, 4)).toBe('00000000')
  })
})

describe('a config read of the mock', () => {
  it('is short at the end of config space', () => {
    const device = openDevice(BDF)
    expect(device.readConfig(0xffe, 4)).toHaveLength(2)
    expect(device.readConfig(4096, 4)).toHaveLength(0)
  })

  it('hands out a copy', () => {
    const device = openDevice(BDF)
    device.readConfig(0, 4).fill(0)
    expect(peek(device, 0, 4)).toBe('34120081')
  })
})
