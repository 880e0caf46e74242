import { describe, expect, it } from 'vitest'
import { V8Device } from './interfaces/v8-device.ts'
import { v8Rig } from './interfaces/v8-rig.ts'
import { set } from './scripted-commands.ts'
import { BDF } from './scripted-host.ts'
import { change, expectTidy, msixRig, verify } from './verify-rig.ts'

/* verify where the kernel keeps no tags: against what tphctl remembers of its own. */

const ON = 0x301

const rigOn = () => v8Rig(ON)

describe('verify under VFIO_DEVICE_PCI_TPH', () => {
  it('compares what was set with the table, and leaves the other entries out of it', () => {
    const rig = rigOn()
    set(rig, '0-1=2-3', '8=1')
    rig.device.putTag(5, 0x42)
    expect(verify(rig)).toEqual({
      value: {
        device: BDF,
        state: 'same',
        reason: null,
        compared: 3,
        differences: [],
        waiting: [],
        against: 'ledger',
      },
      error: null,
    })
    expect([rig.device.opens - rig.device.closes, rig.backend.locked]).toEqual([0, 0])
  })

  it('tells what somebody else has set since', () => {
    const rig = rigOn()
    set(rig, '0-3=2')
    rig.device.putTag(1, 0x42)
    rig.device.putTag(3, 0)
    const { value, error } = verify(rig)
    expect(value).toMatchObject({
      state: 'different',
      compared: 4,
      differences: [
        { index: 1, st: 0x102, hardware: 0x42 },
        { index: 3, st: 0x102, hardware: 0 },
      ],
      waiting: [],
      against: 'ledger',
    })
    expect(error).toMatchObject({
      code: 'drift',
      device: BDF,
      message: expect.stringMatching(/^Cannot confirm entries 1,3: .*tphctl set there$/),
      hint: 'set them again, or ask what else writes the table',
    })
  })

  it('cannot judge where tphctl set nothing', () => {
    const rig = rigOn()
    rig.device.putTag(0, 0x101)
    const { value, error } = verify(rig)
    const reason = 'pci-tph-v8 keeps no tags to compare it with, and tphctl set none of them'
    expect(value).toMatchObject({ state: 'unknown', reason, compared: 0, waiting: [] })
    expect(error).toMatchObject({ code: 'refused', device: BDF, errno: undefined })
    expect(error?.message).toContain('Cannot judge')
    expect(error?.message).toContain(reason)
    expectTidy(rig)
  })

  it('cannot see a table behind memory decoding that is off', () => {
    const rig = msixRig(ON, new V8Device(BDF))
    change(rig, 'sysfs', { command: 0 })
    const { value, error } = verify(rig)
    const reason = 'memory decoding is off in COMMAND'
    expect(value).toMatchObject({ state: 'unknown', reason, compared: 0 })
    expect(error?.message).toMatch(/^Cannot see .*memory decoding is off/)
  })

  it.each([
    ['TPH is off', 0],
    ['mode none uses no tags', 0x300],
  ])('has nothing to compare while %s', (reason, control) => {
    const rig = rigOn()
    set(rig, '0=1')
    rig.device.putControl(control)
    expect(verify(rig)).toMatchObject({
      value: { state: 'inactive', reason, compared: 0, differences: [], waiting: [] },
      error: null,
    })
  })
})
