import { describe, expect, it } from 'vitest'
import { E } from '../../src/abi/errno.ts'
import { CallError } from '../../src/backend/types.ts'
import { coded } from './scripted-commands.ts'
import { DS_WITHOUT_TABLE } from './scripted-device.ts'
import { BDF } from './scripted-host.ts'
import { change, expectTidy, IV_EXTENDED, msixRig, tableRig, verify } from './verify-rig.ts'

describe('verifyDevice()', () => {
  it('unknown when the hardware cannot be seen: exit 1, the reason in both', () => {
    const rig = msixRig()
    change(rig, 'sysfs', { command: 0 })
    const { value, error } = verify(rig)
    expect(value).toMatchObject({ state: 'unknown', compared: 0, differences: [] })
    expect(value.reason).toContain('memory decoding is off')
    expect(error).toMatchObject({ code: 'refused', exitCode: 1, device: BDF })
    expect(error?.message).toContain(value.reason)
    expect(rig.device.barReads).toEqual([])
    expectTidy(rig)
  })

  it('unknown for want of rights: exit 5, with the errno', () => {
    const rig = msixRig()
    rig.device.readBar = () => {
      throw new CallError('mmap', E.EACCES)
    }
    const { value, error } = verify(rig)
    expect(value).toMatchObject({ state: 'unknown', reason: expect.stringMatching(/^EACCES, BAR/) })
    expect(error).toMatchObject({ code: 'permission', exitCode: 5, errno: 'EACCES', device: BDF })
    expectTidy(rig)
  })

  it.each([
    ['no table', DS_WITHOUT_TABLE],
    ['a table at the reserved place', 0x003f0707],
    ['a table in MSI-X memory, but no MSI-X capability', 0x00070507],
  ])('refuses a device with %s and does not open it', (_, capability) => {
    const rig = tableRig(IV_EXTENDED, capability)
    expect(() => verify(rig)).toThrow(coded('unsupported'))
    expect(rig.device.opens).toBe(0)
    expectTidy(rig)
  })

  it('reads nothing when the guard refuses', () => {
    const rig = msixRig()
    rig.device.script = ({ op }) => (op === 'probe' ? -25 : undefined)
    expect(() => verify(rig)).toThrow(coded('unsupported'))
    expect([rig.device.count('get'), rig.device.barReads]).toEqual([0, []])
    expectTidy(rig)
  })

  it('asks the guard for GET alone', () => {
    const rig = tableRig()
    rig.device.script = ({ op, bytes }) =>
      op === 'probe' && bytes.getUint32(4, true) !== 0x5000e ? -22 : undefined
    expect(verify(rig).value.state).toBe('same')
  })

  it('gives device and lock back when a GET fails', () => {
    const rig = tableRig()
    rig.device.script = ({ op, count }) => (op === 'get' && count > 1 ? -5 : undefined)
    expect(() => verify(rig)).toThrow('EIO')
    expectTidy(rig)
  })
})
