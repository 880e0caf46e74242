import { describe, expect, it } from 'vitest'
import { E } from '../../../src/abi/errno.ts'
import { CallError } from '../../../src/backend/types.ts'
import { findTphFunction } from '../../../src/tph/host.ts'
import { readDeviceTags } from '../../../src/tph/interfaces/device-table.ts'
import { TphDevice } from '../../../src/tph/tph-device.ts'
import { CAPABILITY, DS_WITHOUT_TABLE } from '../scripted-device.ts'
import { BDF, type Rig } from '../scripted-host.ts'
import { change, IV_8_BIT, msixRig, putInCapability, putInMsix, tableRig } from '../verify-rig.ts'

function read({ host, device }: Rig, ...indexes: readonly number[]): number[] {
  return readDeviceTags(new TphDevice(device), findTphFunction(host, BDF), indexes)
}

describe('readDeviceTags() of a table in the capability', () => {
  it('reads from the first entry to the last, and no more', () => {
    const rig = tableRig()
    putInCapability(rig, 0x101, 0x202, 0x303, 0x404)
    const reads: (readonly [number, number])[] = []
    const { readConfig } = rig.device
    rig.device.readConfig = (offset, length) => {
      reads.push([offset, length])
      return readConfig.call(rig.device, offset, length)
    }
    expect(read(rig, 1, 3)).toEqual([0x202, 0x404])
    expect(reads).toEqual([
      [CAPABILITY + 8, 4],
      [CAPABILITY + 12 + 2, 6],
    ])
  })

  it('has the low bytes where tags have 8 bits', () => {
    const rig = tableRig(IV_8_BIT)
    putInCapability(rig, 0xab01)
    expect(read(rig, 0)).toEqual([0x01])
  })

  it('touches nothing where no entry is asked for', () => {
    const rig = tableRig()
    rig.device.readConfig = () => expect.fail('nothing was to be read')
    expect(readDeviceTags(new TphDevice(rig.device), findTphFunction(rig.host, BDF), [])).toEqual(
      [],
    )
  })

  it('says so where config space ends before', () => {
    const rig = tableRig()
    const { readConfig } = rig.device
    const end = CAPABILITY + 12 + 2 * 3
    rig.device.readConfig = (offset, length) =>
      readConfig.call(rig.device, offset, Math.min(length, end - offset))
    expect(read(rig, 0, 2)).toEqual([0, 0])
    expect(() => read(rig, 0, 3)).toThrow(
      expect.objectContaining({
        code: 'refused',
        errno: undefined,
        message:
          "Cannot read the device's own ST table, where alone the tags are: config space is not readable up to there",
      }),
    )
  })

  it.each([
    ['no table', DS_WITHOUT_TABLE],
    ['its table at the reserved place', 0x003f0707],
  ])('is unsupported of a device that has %s', (_what, capability) => {
    expect(() => read(tableRig(0x301, capability), 0)).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        hint: `"tphctl tag ${BDF} CPUS" shows the tags of CPUs`,
      }),
    )
  })
})

describe('readDeviceTags() of a table in MSI-X memory', () => {
  it('has the tags of the vectors asked for', () => {
    const rig = msixRig()
    putInMsix(rig, 2, 0x0107)
    putInMsix(rig, 7, 0x0203)
    expect(read(rig, 2, 3, 7)).toEqual([0x107, 0, 0x203])
  })

  it('has the low bytes where tags have 8 bits', () => {
    const rig = msixRig(IV_8_BIT)
    putInMsix(rig, 1, 0xab02)
    expect(read(rig, 1)).toEqual([2])
  })

  it('says why it cannot be seen', () => {
    const rig = msixRig()
    change(rig, 'sysfs', { command: 0 })
    expect(() => read(rig, 0)).toThrow(
      "Cannot read the device's own ST table, where alone the tags are: memory decoding is off in COMMAND",
    )
  })

  it('is refused with the errno of the BAR that cannot be mapped', () => {
    const rig = msixRig()
    rig.device.readBar = () => {
      throw new CallError('mmap', E.EACCES)
    }
    expect(() => read(rig, 0)).toThrow(
      expect.objectContaining({ code: 'permission', errno: 'EACCES' }),
    )
  })
})
