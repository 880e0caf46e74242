import { describe, expect, it } from 'vitest'
import { get, set } from './scripted-commands.ts'
import { configWith, DS_WITHOUT_TABLE, type Script, ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

/** The message of `set`, which has to be refused as unsupported before any SET is sent. */
function refusal(rig: Rig): string {
  let thrown: unknown
  try {
    set(rig, '0=1')
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ code: 'unsupported', exitCode: 3, device: BDF })
  expect(rig.device.count('set')).toBe(0)
  expect([rig.device.opens - rig.device.closes, rig.backend.locked]).toEqual([0, 0])
  return (thrown as Error).message
}

/** A reply of GET with one u32 of the buffer overwritten by the device. */
const overwriting =
  (offset: number, value: number): Script =>
  ({ op, bytes }) => {
    if (op !== 'get') return undefined
    bytes.setUint32(offset, value, true)
    return 0
  }

describe('guard()', () => {
  it.each<[string, Script, string]>([
    ['PROBE GET says ENOTTY', ({ op }) => (op === 'probe' ? -25 : undefined), 'ENOTTY'],
    [
      'PROBE SET says EINVAL',
      ({ op, nth }) => (op === 'probe' && nth === 2 ? -22 : undefined),
      'PROBE SET says EINVAL',
    ],
    ['GET of entry 0 fails', ({ op }) => (op === 'get' ? -95 : undefined), 'EOPNOTSUPP'],
    ['the reply has tph_st.flags', overwriting(8, 1), 'another header'],
    ['the reply has another index and count', overwriting(12, 5), 'another header'],
    ['the reply has a tag of 0x10000', overwriting(16, 0x10000), 'above 0xffff'],
    ['the reply has no tag', ({ op }) => (op === 'get' ? 0 : undefined), 'above 0xffff'],
    [
      'GET beyond the table succeeds',
      ({ op, index, bytes }) => {
        if (op !== 'get' || index !== 64) return undefined
        bytes.setUint32(16, 0, true)
        return 0
      },
      'GET of entry 64, beyond the table, says success and not EINVAL',
    ],
    [
      'GET beyond the table is ENOTTY',
      ({ op, index }) => (op === 'get' && index === 64 ? -25 : undefined),
      'says ENOTTY and not EINVAL',
    ],
  ])('refuses when %s', (_what, script, reason) => {
    const rig = rigOf()
    rig.device.script = script
    expect(refusal(rig)).toContain(reason)
  })

  it('refuses when config space read through the fd has no TPH capability', () => {
    const rig = rigOf()
    const real = configWith(0)
    rig.device.readConfig = (offset, length) => real.slice(offset, offset + length)
    expect(refusal(rig)).toContain('no TPH Requester capability')
    expect(rig.device.count('probe') + rig.device.count('get')).toBe(0)
  })

  it('refuses a GET alone in the same way', () => {
    const rig = rigOf()
    rig.device.script = overwriting(8, 1)
    expect(() => get(rig, [0])).toThrow(/another header/)
  })

  it('asks for the methods that will be used, and no more', () => {
    const rig = rigOf()
    rig.device.script = ({ op, bytes }) =>
      op === 'probe' && bytes.getUint32(4, true) !== 0x5000e ? -22 : undefined
    expect(get(rig, [0])).toMatchObject([{ st: 0 }])
    expect(refusal(rig)).toContain('PROBE SET')
  })

  it('takes 2048 entries for the table of a device without one', () => {
    const rig = rigOf([new ScriptedDevice(BDF, DS_WITHOUT_TABLE)])
    expect(get(rig, [2047])).toMatchObject([{ st: 0 }])
    rig.device.tags.push(0)
    expect(() => get(rig, [2047])).toThrow('entry 2048')
  })
})

describe('guardDevice()', () => {
  it.each<[string, Script, string | undefined]>([
    ['PROBE', ({ op }) => (op === 'probe' ? -25 : undefined), 'ENOTTY'],
    ['GET of entry 0', ({ op }) => (op === 'get' ? -13 : undefined), 'EACCES'],
    ['GET beyond the table', ({ index }) => (index === 64 ? -5 : undefined), 'EIO'],
    ['no call', overwriting(8, 1), undefined],
  ])('refuses with the errno of the call that failed: %s', (_call, script, errno) => {
    const rig = rigOf()
    rig.device.script = script
    expect(() => set(rig, '0=1')).toThrow(expect.objectContaining({ code: 'unsupported', errno }))
  })

  it('warns where the kernel does not name the structure', () => {
    const rig = rigOf()
    Object.assign(rig.backend, { tphStruct: 'missing' })
    expect(set(rig, '0=1').error).toBeNull()
    expect(rig.told.join()).toContain('vfio_device_feature_tph_st')
  })

  it('refuses that under strict, before any SET', () => {
    const rig = rigOf([new ScriptedDevice(BDF)], { strict: true })
    Object.assign(rig.backend, { tphStruct: 'missing' })
    expect(() => set(rig, '0=1')).toThrow('vfio_device_feature_tph_st')
    expect(rig.device.count('set')).toBe(0)
  })
})
