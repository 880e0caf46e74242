import { describe, expect, it } from 'vitest'
import { E } from '../../../src/abi/errno.ts'
import { isMappable, readRegion } from '../../../src/backend/linux/vfio-region.ts'
import { fakeRoot } from './fake-root.ts'
import { type Script, ScriptedLibc } from './scripted-libc.ts'
import { capability, READ_WRITE_MMAP, type ScriptedRegion, sparse } from './scripted-regions.ts'

const FD = 3
const BAR = 2
const SIZE = 0x8000
const OFFSET = BAR * 2 ** 40
const BAR_2: ScriptedRegion = { flags: READ_WRITE_MMAP, size: SIZE, offset: OFFSET }
const WHOLE = [{ offset: 0, size: SIZE }]

function libc(bar: Partial<ScriptedRegion> = {}, script: Partial<Script> = {}): ScriptedLibc {
  return new ScriptedLibc(fakeRoot(), { bars: { [BAR]: { ...BAR_2, ...bar } }, ...script })
}

/** What can be mapped of a BAR that can be mapped and has these capabilities. */
function mappable(...capabilities: readonly Uint8Array[]) {
  const region = readRegion(libc({ capabilities: Buffer.concat(capabilities) }), FD, BAR)
  return typeof region === 'number' ? region : region.mappable
}

describe('readRegion()', () => {
  it('says where a region lies; all of it can be mapped where the kernel says no more than that', () => {
    const one = libc()
    expect(readRegion(one, FD, BAR)).toEqual({ offset: OFFSET, size: SIZE, mappable: WHOLE })
    expect(one.calls).toEqual(['ioctl VFIO_DEVICE_GET_REGION_INFO'])
  })

  it.each([
    ['cannot be mapped', { flags: 3 }],
    ['cannot be mapped, whatever its capabilities', { flags: 3, capabilities: sparse([[0, 16]]) }],
  ])('says so of a region that %s', (_, bar) => {
    expect(readRegion(libc(bar), FD, BAR)).toMatchObject({ size: SIZE, mappable: [] })
  })

  it('finds nothing of a BAR that is not there', () => {
    expect(readRegion(libc(), FD, 5)).toEqual({ offset: 5 * 2 ** 40, size: 0, mappable: [] })
  })

  it('asks again with the room that the kernel wants', () => {
    const one = libc({ capabilities: sparse([[0x3000, 0x1000]]) })
    expect(readRegion(one, FD, BAR)).toMatchObject({ mappable: [{ offset: 0x3000, size: 0x1000 }] })
    expect(one.calls).toHaveLength(2)
  })

  it('finds the areas, in their order', () => {
    const areas = [
      [0, 0x1000],
      [0x3000, 0x5000],
    ] as const
    expect(mappable(sparse(areas))).toEqual([
      { offset: 0, size: 0x1000 },
      { offset: 0x3000, size: 0x5000 },
    ])
    expect(mappable(sparse([]))).toEqual([])
  })

  it('looks for them behind other capabilities', () => {
    const chain = [capability(3, 40), capability(7, 56, [1, 2]), sparse([[0, 0x1000]])]
    expect(mappable(...chain)).toEqual([{ offset: 0, size: 0x1000 }])
    expect(mappable(capability(3, 40), capability(7, 0))).toEqual(WHOLE)
  })

  it.each([
    ['leads back to itself', [capability(3, 32)]],
    ['leads round in a circle', [capability(3, 40), capability(7, 32)]],
    ['leads beyond the end', [capability(3, 0xffff0000)]],
    ['leads into the struct', [capability(3, 8)]],
    ['ends in the middle of a header', [capability(3, 40), Uint8Array.of(1, 0, 1, 0)]],
    ['ends behind the header of the sparse capability', [capability(1, 0)]],
    ['ends before the first area', [sparse([], 1)]],
  ])('takes nothing for mappable when the chain %s', (_, chain) => {
    expect(mappable(...chain)).toEqual([])
  })

  it.each([3, 0xffffffff])('takes only the areas that are there of %d', (count) => {
    const areas = sparse(
      [
        [0, 0x1000],
        [0x2000, 0x1000],
      ],
      count,
    )
    const both = [
      { offset: 0, size: 0x1000 },
      { offset: 0x2000, size: 0x1000 },
    ]
    expect(mappable(areas)).toEqual(both)
    expect(mappable(areas.subarray(0, areas.length - 1))).toEqual(both.slice(0, 1))
  })

  it('takes nothing for mappable when the kernel wants more room each time', () => {
    const growing = libc()
    growing.ioctl = (_fd, _request, argument) => {
      const view = new DataView(argument.buffer)
      view.setUint32(0, argument.length + 64, true)
      view.setUint32(4, READ_WRITE_MMAP | 8, true)
      view.setBigUint64(16, BigInt(SIZE), true)
      return 0
    }
    expect(readRegion(growing, FD, BAR)).toMatchObject({ size: SIZE, mappable: [] })
  })

  it.each([1, 2])('returns the errno of call %d', (call) => {
    const fail = { call, errno: E.ENODEV }
    expect(readRegion(libc({ capabilities: sparse([]) }, { fail }), FD, BAR)).toBe(E.ENODEV)
  })
})

describe('isMappable()', () => {
  const region = {
    offset: 0,
    size: SIZE,
    mappable: [
      { offset: 0x1000, size: 0x1000 },
      { offset: 0x4000, size: 0x2000 },
    ],
  }

  it.each([
    [0x1000, 0x1000, true],
    [0x1ffc, 4, true],
    [0x4000, 0x2000, true],
    [0x5000, 16, true],
    [0x0ffc, 4, false],
    [0x0ffc, 8, false],
    [0x1ffc, 8, false],
    [0x1000, 0x3004, false],
    [0x2000, 4, false],
    [0x6000, 4, false],
    [SIZE, 4, false],
  ])('of %d, %d bytes: %s', (offset, length, expected) => {
    expect(isMappable(region, offset, length)).toBe(expected)
  })
})
