import { describe, expect, it } from 'vitest'
import {
  CLEAR_ENTRY,
  decodeTags,
  encodeGet,
  encodeProbe,
  encodeSet,
  type FeatureOp,
  MAX_ST_ENTRIES,
  ShapeError,
  TAKEN_FEATURE_INDEXES,
  VFIO_DEVICE_FEATURE_TPH_ST,
  VFIO_TPH_ST_MEM_TYPE_PM,
  vfio_device_feature_tph_st,
} from '../../src/abi/tph-st.ts'
import { fromHex, inLargerBuffer, toHex } from './hex.ts'

const bare = (hex: string) => hex.replaceAll(' ', '')
const outside = [-1, 1.5, Number.NaN, 0x10000]

describe('constants of the proposal', () => {
  it.each([
    [VFIO_TPH_ST_MEM_TYPE_PM, 1],
    [VFIO_DEVICE_FEATURE_TPH_ST, 14],
    [TAKEN_FEATURE_INDEXES, 14],
    [MAX_ST_ENTRIES, 2048],
    [CLEAR_ENTRY, 4294967295],
  ])('%i', (actual, expected) => {
    expect(actual).toBe(expected)
  })
})

describe('vfio_device_feature_tph_st', () => {
  it.each([
    [{ flags: 0, index: 0, count: 1 }, '0000000000000100'],
    [{ flags: 1, index: 0x7ff, count: 0x800 }, '01000000ff070008'],
    [{ flags: 0xffffffff, index: 0xffff, count: 0xffff }, 'ffffffffffffffff'],
  ])('%o <=> %s', (value, hex) => {
    expect(toHex(vfio_device_feature_tph_st.encode(value))).toBe(hex)
    expect(vfio_device_feature_tph_st.decode(fromHex(hex))).toEqual(value)
  })

  it.each(['index', 'count'])('rejects %s out of range', (field) => {
    for (const value of outside) {
      const encode = () =>
        vfio_device_feature_tph_st.encode({ flags: 0, index: 0, count: 0, [field]: value })
      expect(encode).toThrow(`vfio_device_feature_tph_st.${field}`)
    }
  })
})

describe('encodeProbe()', () => {
  it.each<[number, FeatureOp[], string]>([
    [14, [], '08000000 0e000400'],
    [14, ['get'], '08000000 0e000500'],
    [14, ['set'], '08000000 0e000600'],
    [14, ['get', 'set'], '08000000 0e000700'],
    [0xffff, ['set', 'get'], '08000000 ffff0700'],
    [0, ['get'], '08000000 00000500'],
  ])('of feature %i, %j', (featureIndex, ops, hex) => {
    expect(toHex(encodeProbe(featureIndex, ops))).toBe(bare(hex))
  })

  it.each(outside)('rejects feature index %s', (featureIndex) => {
    expect(() => encodeProbe(featureIndex, [])).toThrow(/feature index/)
  })
})

describe('encodeGet()', () => {
  it.each([
    [14, { index: 0, count: 1 }, '14000000 0e000100 00000000 0000 0100 00000000'],
    [20, { index: 0x102, count: 2 }, '18000000 14000100 00000000 0201 0200 0000000000000000'],
    [14, { index: 65535, count: 1 }, '14000000 0e000100 00000000 ffff 0100 00000000'],
  ])('of feature %i, %o', (featureIndex, range, hex) => {
    expect(toHex(encodeGet(featureIndex, range))).toBe(bare(hex))
  })

  it('of 2048 entries is 8208 bytes', () => {
    const bytes = encodeGet(14, { index: 0, count: 2048 })
    expect(bytes.length).toBe(16 + 4 * 2048)
    expect(toHex(bytes.subarray(0, 16))).toBe(bare('10200000 0e000100 00000000 0000 0008'))
  })
})

describe.each([
  ['encodeGet()', encodeGet],
  [
    'decodeTags()',
    (_feature: number, range: { index: number; count: number }) =>
      decodeTags(new Uint8Array(9000), range),
  ],
])('%s rejects', (_name, call) => {
  it.each([
    { index: 0, count: 0 },
    { index: 0, count: 2049 },
    { index: 65535, count: 2 },
    { index: 63489, count: 2048 },
    ...outside.map((index) => ({ index, count: 1 })),
    ...outside.map((count) => ({ index: 0, count })),
  ])('%o', (range) => {
    expect(() => call(14, range)).toThrow(RangeError)
  })
})

describe('a range that there cannot be', () => {
  it.each([
    [{ index: 0, count: 0 }, 'index 0 count 0 is not 1 to 2048 entries below 65536'],
    [{ index: 65535, count: 2 }, 'index 65535 count 2 is not 1 to 2048 entries below 65536'],
  ])('is named: %o', (range, text) => {
    expect(() => encodeGet(14, range)).toThrow(
      new RangeError(`Cannot encode vfio_device_feature_tph_st: ${text}`),
    )
  })

  it.each([
    [{ index: 0x10000, count: 1 }, 'vfio_device_feature_tph_st.index'],
    [{ index: 0, count: 0x10000 }, 'vfio_device_feature_tph_st.count'],
  ])('names the field: %o', (range, field) => {
    expect(() => encodeGet(14, range)).toThrow(field)
  })
})

describe('encodeGet() and encodeSet()', () => {
  it.each(outside)('reject feature index %s', (feature) => {
    expect(() => encodeGet(feature, { index: 0, count: 1 })).toThrow(/feature index/)
    expect(() => encodeSet(feature, { index: 0, persistent: false, data: [0] })).toThrow(
      /feature index/,
    )
  })

  it('accept the last entries there are', () => {
    expect(encodeGet(14, { index: 63488, count: 2048 }).length).toBe(8208)
    const data = new Uint32Array(2048)
    expect(encodeSet(14, { index: 63488, persistent: true, data }).length).toBe(8208)
  })
})

describe('decodeTags()', () => {
  const reply = fromHex('18000000 0e000100 00000000 0201 0200 01010000ffff0000')
  const range = { index: 0x102, count: 2 }

  it('returns the tags in order', () => {
    expect(decodeTags(reply, range)).toEqual(Uint32Array.of(0x101, 0xffff))
  })

  it('honours byteOffset', () => {
    expect(decodeTags(inLargerBuffer(reply), range)).toEqual(Uint32Array.of(0x101, 0xffff))
  })

  it('leaves a tag of more than 16 bits to the caller', () => {
    const wide = fromHex('14000000 0e000100 00000000 0000 0100 ffffffff')
    expect(decodeTags(wide, { index: 0, count: 1 })).toEqual(Uint32Array.of(0xffffffff))
  })

  it.each([
    ['flags', '18000000 0e000100 01000000 0201 0200 0000000000000000'],
    ['flags, top bit', '18000000 0e000100 00000080 0201 0200 0000000000000000'],
    ['index', '18000000 0e000100 00000000 0301 0200 0000000000000000'],
    ['count', '18000000 0e000100 00000000 0201 0100 0000000000000000'],
  ])('rejects other %s than sent', (_what, hex) => {
    expect(() => decodeTags(fromHex(hex), range)).toThrow(ShapeError)
  })

  it('says what was sent and what came', () => {
    const other = fromHex('18000000 0e000100 01000000 0301 0400 0000000000000000')
    expect(() => decodeTags(other, range)).toThrow(
      'Cannot decode tags: sent flags 0 index 258 count 2, got flags 1 index 259 count 4',
    )
    expect(String(new ShapeError('of it'))).toBe('ShapeError: of it')
  })

  it.each([0, 15, 16, 23])('rejects a reply of %i bytes', (length) => {
    expect(() => decodeTags(reply.slice(0, length), range)).toThrow(RangeError)
  })
})

describe('encodeSet()', () => {
  it.each([
    [
      { index: 0, persistent: false, data: [8, 9, 10, 11] },
      '20000000 0e000200 00000000 0000 0400 08000000 09000000 0a000000 0b000000',
    ],
    [
      { index: 2047, persistent: true, data: [300] },
      '14000000 0e000200 01000000 ff07 0100 2c010000',
    ],
    [
      { index: 1, persistent: false, data: Uint32Array.of(CLEAR_ENTRY, 0) },
      '18000000 0e000200 00000000 0100 0200 ffffffff 00000000',
    ],
  ])('%o', (set, hex) => {
    expect(toHex(encodeSet(14, set))).toBe(bare(hex))
  })

  it.each([-1, 1.5, Number.NaN, 0x1_0000_0000])('rejects CPU %s', (cpu) => {
    const encode = () => encodeSet(14, { index: 0, persistent: false, data: [0, cpu] })
    expect(encode).toThrow(RangeError)
    expect(encode).toThrow('vfio_device_feature_tph_st.data[1]')
  })

  it.each([
    ['no entries', { index: 0, data: [] }],
    ['2049 entries', { index: 0, data: new Uint32Array(2049) }],
    ['entries beyond 65535', { index: 65535, data: [0, 0] }],
    ['a negative index', { index: -1, data: [0] }],
  ])('rejects %s', (_what, set) => {
    expect(() => encodeSet(14, { persistent: false, ...set })).toThrow(RangeError)
  })
})
