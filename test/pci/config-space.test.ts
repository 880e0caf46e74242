import { describe, expect, it } from 'vitest'
import { ConfigSpace, NotVisibleError } from '../../src/pci/config-space.ts'

const bytes = Uint8Array.from([0x86, 0x80, 0x33, 0x95, 0x07, 0x04])

describe('ConfigSpace', () => {
  it('reads little-endian and unsigned', () => {
    const config = new ConfigSpace(bytes)
    expect([config.u8(1), config.u16(0), config.u32(0)]).toEqual([0x80, 0x8086, 0x95338086])
    expect(config.u32(2)).toBe(0x04079533)
  })

  it('honours byteOffset and length of the array it looks at', () => {
    const config = new ConfigSpace(bytes.subarray(1, 4))
    expect(config.length).toBe(3)
    expect(config.u16(0)).toBe(0x3380)
    expect([...config.bytes(1, 2)]).toEqual([0x33, 0x95])
    expect(config.has(2, 2)).toBe(false)
  })

  it('looks at the bytes as they are now', () => {
    const own = new Uint8Array(4)
    const config = new ConfigSpace(own)
    own[0] = 7
    expect(config.u8(0)).toBe(7)
  })

  it.each([
    [5, 2],
    [6, 1],
    [-1, 1],
    [0.5, 1],
    [Number.NaN, 1],
    [0, -1],
  ])('has(%d, %d) is false', (offset, width) => {
    expect(new ConfigSpace(bytes).has(offset, width)).toBe(false)
  })

  it.each([
    ['u8', (config: ConfigSpace) => config.u8(6), 6, 1],
    ['u16', (config: ConfigSpace) => config.u16(5), 5, 2],
    ['u32', (config: ConfigSpace) => config.u32(3), 3, 4],
    ['bytes', (config: ConfigSpace) => config.bytes(2, 5), 2, 5],
    ['u8 below 0', (config: ConfigSpace) => config.u8(-1), -1, 1],
  ] as const)('%s throws NotVisibleError past the end', (_, read, offset, length) => {
    const error = caught(() => read(new ConfigSpace(bytes)))
    expect(error).toBeInstanceOf(NotVisibleError)
    expect(error).toBeInstanceOf(RangeError)
    expect(error).toMatchObject({ name: 'NotVisibleError', offset, length })
  })

  it('bytes() hands out a copy, and nothing for length 0 at the end', () => {
    const own = Uint8Array.from(bytes)
    const copy = new ConfigSpace(own).bytes(0, 2)
    copy[0] = 0
    expect(own[0]).toBe(0x86)
    expect(new ConfigSpace(own).bytes(6, 0)).toHaveLength(0)
  })

  it('reads nothing of an empty array', () => {
    expect(new ConfigSpace(new Uint8Array(0)).has(0, 1)).toBe(false)
  })
})

function caught(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
