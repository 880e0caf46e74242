import { describe, expect, it } from 'vitest'
import { probeDevice } from '../../../src/tph/probe.ts'
import { get, set } from '../scripted-commands.ts'
import { DS_WITHOUT_TABLE, ScriptedDevice } from '../scripted-device.ts'
import { BDF, type Rig, rigOf } from '../scripted-host.ts'
import { OP } from './v8-device.ts'
import { v8Rig } from './v8-rig.ts'

const probe = ({ host }: Pick<Rig, 'host'>) => probeDevice(host, BDF)

describe('choose()', () => {
  it('asks a kernel that has TPH_ST for nothing else', () => {
    const requests: number[] = []
    const device = new ScriptedDevice(BDF)
    const { ioctl } = device
    device.ioctl = (request, bytes) => {
      requests.push(request)
      return ioctl.call(device, request, bytes)
    }
    expect(probe(rigOf([device])).value).toMatchObject({ supported: true, abi: 'tph-st' })
    expect(new Set(requests)).toEqual(new Set([0x3b75]))
  })

  it('finds VFIO_DEVICE_PCI_TPH where TPH_ST is not there, by GET_CAP alone', () => {
    const rig = v8Rig()
    expect(probe(rig)).toMatchObject({
      value: { supported: true, get: true, set: true, abi: 'pci-tph-v8' },
      error: null,
    })
    expect(probe(rig).value.how).toMatch(
      /^GET_CAP.*; not TPH_ST as feature 14: PROBE GET says ENOTTY/,
    )
    expect(new Set(rig.device.ops)).toEqual(new Set([OP.getCap]))
  })

  it('says of a device without a table that tags can be asked for and not set', () => {
    const value = { supported: true, get: true, set: false, abi: 'pci-tph-v8' }
    expect(probe(v8Rig(0, DS_WITHOUT_TABLE)).value).toMatchObject(value)
  })

  it.each(['tph-st', 'pci-tph-v8'] as const)('looks for %s alone where that is named', (abi) => {
    const [v8, st] = [v8Rig(), rigOf()]
    const isV8 = abi === 'pci-tph-v8'
    expect(probe({ host: { ...v8.host, abi } }).value.supported).toBe(isV8)
    expect(probe({ host: { ...st.host, abi } }).value.supported).toBe(!isV8)
    expect(v8.device.ops.length > 0).toBe(isV8)
  })

  it.each([
    ['EACCES', 13],
    ['EIO', 5],
    ['ENODEV', 19],
  ])(
    'looks for nothing else where PROBE says %s, which leaves open what is there',
    (name, errno) => {
      const rig = v8Rig()
      const { ioctl } = rig.device
      rig.device.ioctl = (request, bytes) =>
        request === 0x3b75 ? -errno : ioctl.call(rig.device, request, bytes)
      expect(probe(rig).value.reason).toContain(name)
      expect(rig.device.ops).toEqual([])
    },
  )
})

describe('what answers 0x3b7a without being VFIO_DEVICE_PCI_TPH', () => {
  /** Replies of 16 bytes to GET_CAP of a device with IV, DS and 64 entries. */
  const REPLIES: readonly (readonly [what: string, dwords: readonly number[], why: string])[] = [
    ['nothing at all', [], 'reserved fields that are not zero'],
    ['zeros', [16, 0, 0, 0], 'says modes 0x0 where the capability in config space has 0x3'],
    ['another argsz', [24, 0, 0x0040_0003, 0], 'another header'],
    ['another op', [16, 7, 0x0040_0003, 0], 'another header'],
    ['IV alone', [16, 0, 0x0040_0001, 0], 'says modes 0x1'],
    ['a mode more', [16, 0, 0x0040_0007, 0], 'says modes 0x7'],
    ['a reserved byte', [16, 0, 0x0040_0103, 0], 'reserved fields'],
    ['reserved bytes at its end', [16, 0, 0x0040_0003, 1], 'reserved fields'],
    ['an entry less', [16, 0, 0x003f_0003, 0], 'says 63 entries where'],
    ['no table', [16, 0, 0x0000_0003, 0], 'says 0 entries where'],
  ]

  it.each(REPLIES)('is not believed when it replies %s', (_what, dwords, why) => {
    const rig = v8Rig()
    rig.device.v8Script = ({ op, bytes }) => {
      if (op !== OP.getCap) return undefined
      for (const [i, dword] of dwords.entries()) bytes.setUint32(4 * i, dword, true)
      return 0
    }
    const { value, error } = probe(rig)
    expect(value).toMatchObject({ supported: false, abi: null, how: null })
    expect(value.reason).toContain('PROBE GET says ENOTTY')
    expect(value.reason).toContain(why)
    expect(error).toMatchObject({ code: 'unsupported' })
    rig.device.putControl(0x301)
    expect(() => set(rig, '0=1')).toThrow(why)
    expect(new Set(rig.device.ops)).toEqual(new Set([OP.getCap]))
    expect(rig.device.table.every((tag) => tag === 0)).toBe(true)
  })

  it('is not believed when a device has neither mode, where zeros would agree', () => {
    const rig = v8Rig(0, 0x00000001)
    expect(probe(rig).value.reason).toContain('neither IV nor DS mode')
  })

  it.each([
    ['ENOTTY', 25, null],
    ['EOPNOTSUPP', 95, 'GET_CAP says EOPNOTSUPP, the device does not support this operation'],
    ['ENODEV', 19, 'GET_CAP says ENODEV'],
    ['EINVAL', 22, 'GET_CAP says EINVAL'],
  ])('is told of when it says %s, unless that says that nothing is there', (name, errno, why) => {
    const rig = v8Rig()
    rig.device.v8Script = () => -errno
    const found = probe(rig).value.reason
    expect(found).toContain('PROBE GET says ENOTTY')
    if (why === null) expect(found).not.toContain('GET_CAP')
    else expect(found).toContain(why)
    const named = probe({ host: { ...rig.host, abi: 'pci-tph-v8' } })
    expect(named.error).toMatchObject({ code: 'unsupported', errno: name })
    expect(named.value.reason).toMatch(new RegExp(`^GET_CAP says ${name}, `))
  })
})

describe('get under VFIO_DEVICE_PCI_TPH', () => {
  it('has no entries of a device without a table, and says where tags are', () => {
    const rig = v8Rig(0, DS_WITHOUT_TABLE)
    expect(() => get(rig, [0])).toThrow('the device has no ST table')
    expect(rig.device.ops).toEqual([OP.getCap])
  })
})
