import { describe, expect, it } from 'vitest'
import { E } from '../../src/abi/errno.ts'
import { readHardwareTable } from '../../src/tph/hardware-table.ts'
import { findTphFunction } from '../../src/tph/host.ts'
import { TphDevice } from '../../src/tph/tph-device.ts'
import { BDF, type Rig } from './scripted-host.ts'
import {
  BAR,
  type Change,
  change,
  freeVectors,
  keep,
  MEMORY,
  msixRig,
  putInCapability,
  putInMsix,
  switchMsixOff,
  TABLE_OFFSET,
  tableRig,
  VECTORS,
} from './verify-rig.ts'

function read({ host, device }: Rig, requester: 'tph' | 'extended' = 'extended') {
  return readHardwareTable(findTphFunction(host, BDF), new TphDevice(device), requester)
}

function tagsOf(rig: Rig, requester?: 'tph' | 'extended'): readonly number[] | undefined {
  return read(rig, requester).entries?.map(({ tag }) => tag)
}

/** The reason why there are no tags; a BAR must not have been read. */
function hidden(rig: Rig): string {
  const { entries, unseen } = read(rig)
  expect([entries, rig.device.barReads]).toEqual([null, []])
  return unseen?.reason ?? ''
}

describe('readHardwareTable() of a table in the capability', () => {
  it('has all entries, as the hardware view of config space has them', () => {
    const rig = tableRig()
    keep(rig, 0x101, 0x102)
    putInCapability(rig, 0x201, 0xffff)
    change(rig, 'fd', {})
    rig.device.readConfig = (_offset, length) => new Uint8Array(length)
    const tags = tagsOf(rig)
    expect(tags).toHaveLength(64)
    expect(tags?.slice(0, 3)).toEqual([0x201, 0xffff, 0])
    expect(rig.device.barReads).toEqual([])
  })

  it('has the low bytes where tags have 8 bits', () => {
    const rig = tableRig()
    putInCapability(rig, 0xab01, 0x00ff)
    expect(tagsOf(rig, 'tph')?.slice(0, 2)).toEqual([0x01, 0xff])
  })

  it.each([
    [
      'not-readable',
      'EACCES, config space is not readable up to there without CAP_SYS_ADMIN',
      E.EACCES,
    ],
    ['not-in-dump', 'config space is not readable up to there', null],
  ] as const)(
    'is unknown where config space is not visible that far: %s',
    (missing, reason, errno) => {
      const { host } = tableRig()
      const found = findTphFunction(host, BDF)
      const bytes = found.fn.config.bytes.subarray(0, 0x1ac + 2 * 64 - 1)
      const fn = { ...found.fn, config: { bytes, missing } }
      expect(readHardwareTable({ ...found, fn }, {} as TphDevice, 'extended')).toEqual({
        entries: null,
        unseen: { reason, errno },
      })
    },
  )
})

describe('readHardwareTable() of a table in MSI-X memory', () => {
  it('has the upper half of each vector control, by one read of the BAR', () => {
    const rig = msixRig()
    putInMsix(rig, 0, 0x0101)
    putInMsix(rig, VECTORS - 1, 0x0207)
    expect(tagsOf(rig)).toEqual([0x101, 0, 0, 0, 0, 0, 0, 0x207])
    expect(rig.device.barReads).toEqual([[BAR, TABLE_OFFSET, 16 * VECTORS]])
  })

  it('has the low bytes where tags have 8 bits', () => {
    const rig = msixRig()
    putInMsix(rig, 1, 0xab02)
    expect(tagsOf(rig, 'tph')?.slice(0, 2)).toEqual([0, 2])
  })

  it.each<['fd' | 'sysfs', Change, RegExp]>([
    ['fd', { command: 0 }, /memory decoding is off/],
    ['sysfs', { command: 0 }, /memory decoding is off/],
    ['fd', { command: 0xffff & ~MEMORY }, /memory decoding is off/],
    ['fd', { power: 3 }, /D3/],
    ['sysfs', { power: 3 }, /D3/],
    ['sysfs', { power: 0x0102 }, /D2/],
    ['sysfs', { ids: 0xffffffff, power: 3 }, /D3/],
    ['fd', { ids: 0xffffffff, command: 0 }, /memory decoding is off/],
  ])('is unknown, and no BAR is read, when %s shows %j', (view, what, reason) => {
    const rig = msixRig()
    change(rig, view, what)
    expect(hidden(rig)).toMatch(reason)
  })

  it('of a VF heeds its memory decoding as the fd shows it: in sysfs the bit is always 0', () => {
    const rig = msixRig()
    change(rig, 'sysfs', { ids: 0xffffffff, command: 0 })
    expect(tagsOf(rig)).toHaveLength(VECTORS)
  })

  it('takes no notice of other bits beside the power state', () => {
    const rig = msixRig()
    change(rig, 'sysfs', { power: 0x8108 })
    expect(tagsOf(rig)).toHaveLength(VECTORS)
  })

  it('is unknown where the fd shows no MSI-X capability', () => {
    const rig = msixRig()
    const other = rig.device.config.slice()
    other[0x70] = 0x05
    rig.device.readConfig = (offset, length) => other.slice(offset, offset + length)
    expect(hidden(rig)).toContain('MSI-X')
  })

  it('is unknown where the BAR cannot be mapped', () => {
    const rig = msixRig()
    rig.device.bars.clear()
    expect(read(rig)).toEqual({
      entries: null,
      unseen: { reason: `ENODEV, BAR ${BAR} cannot be mapped there`, errno: E.ENODEV },
    })
  })

  it('knows entries of vectors that are not allocated, and all with MSI-X off', () => {
    const rig = msixRig()
    freeVectors(rig, 3, 4)
    putInMsix(rig, 4, 0x101)
    const writable = () => read(rig).entries?.map((entry) => entry.writable)
    expect(writable()).toEqual([true, true, true, false, true, true, true, true])
    switchMsixOff(rig)
    expect(writable()).toEqual(Array(VECTORS).fill(false))
  })

  it('lets through what is no refusal of the kernel', () => {
    const rig = msixRig()
    rig.device.readBar = () => {
      throw new RangeError('a bug')
    }
    expect(() => read(rig)).toThrow('a bug')
  })
})
