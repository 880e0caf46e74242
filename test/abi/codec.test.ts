import { describe, expect, expectTypeOf, it } from 'vitest'
import { type StructValue, s32, struct, u8, u16, u32, u64 } from '../../src/abi/codec.ts'
import { fromHex, inLargerBuffer, toHex } from './hex.ts'

const all = struct('all', 24, { a: u8, _gap: u8, b: u16, c: u32, d: s32, _more: u32, e: u64 })
const zero = { a: 0, b: 0, c: 0, d: 0, e: 0n }

describe('struct()', () => {
  it('places fields in header order', () => {
    expect(all.name).toBe('all')
    expect(all.size).toBe(24)
    expect(all.fields).toEqual({
      a: { offset: 0, size: 1 },
      _gap: { offset: 1, size: 1 },
      b: { offset: 2, size: 2 },
      c: { offset: 4, size: 4 },
      d: { offset: 8, size: 4 },
      _more: { offset: 12, size: 4 },
      e: { offset: 16, size: 8 },
    })
  })

  it('infers the value without padding', () => {
    expectTypeOf<StructValue<typeof all>>().toEqualTypeOf<{
      readonly a: number
      readonly b: number
      readonly c: number
      readonly d: number
      readonly e: bigint
    }>()
  })

  it.each([
    ['fields too small', () => struct('x', 8, { a: u32 }), 'fields are 4 bytes, not 8'],
    ['fields too large', () => struct('x', 4, { a: u32, b: u32 }), 'fields are 8 bytes, not 4'],
    ['a misaligned field', () => struct('x', 6, { a: u16, b: u32 }), 'b is misaligned'],
    ['a size C would pad', () => struct('x', 12, { a: u64, b: u32 }), '12 bytes is misaligned'],
  ])('refuses %s', (_what, declare, message) => {
    expect(() => declare().fields).toThrow(message)
  })
})

const rows: [StructValue<typeof all>, string][] = [
  [zero, '00 00 0000 00000000 00000000 00000000 0000000000000000'],
  [
    { a: 1, b: 0x203, c: 0x4050607, d: -2, e: 0x8090a0b0c0d0e0fn },
    '01 00 0302 07060504 feffffff 00000000 0f0e0d0c0b0a0908',
  ],
  [
    { a: 0xff, b: 0xffff, c: 0xffffffff, d: 0x7fffffff, e: 2n ** 64n - 1n },
    'ff 00 ffff ffffffff ffffff7f 00000000 ffffffffffffffff',
  ],
  [{ ...zero, d: -0x80000000 }, '00 00 0000 00000000 00000080 00000000 0000000000000000'],
]

describe('encode() and decode()', () => {
  it.each(rows)('%o <=> %s', (value, hex) => {
    expect(toHex(all.encode(value))).toBe(hex.replaceAll(' ', ''))
    expect(all.decode(fromHex(hex))).toEqual(value)
  })

  it('decode() ignores padding and trailing bytes', () => {
    const bytes = fromHex('00 ff 0000 00000000 00000000 ffffffff 0000000000000000 ffff')
    expect(all.decode(bytes)).toEqual(zero)
  })

  it.each(rows)('decode() honours byteOffset of %o', (value, hex) => {
    expect(all.decode(inLargerBuffer(fromHex(hex)))).toEqual(value)
    expect(all.decode(fromHex(`aaaaaa${hex}`), 3)).toEqual(value)
  })

  it.each([
    ['one byte short', 23, 0],
    ['empty', 0, 0],
    ['too short from the offset', 24, 1],
    ['a negative offset', 32, -1],
    ['a fractional offset', 32, 0.5],
    ['a NaN offset', 32, Number.NaN],
  ])('decode() rejects %s', (_what, length, offset) => {
    expect(() => all.decode(new Uint8Array(length), offset)).toThrow(
      new RangeError(
        `Cannot decode all: 24 bytes at offset ${offset} do not fit a buffer of ${length}`,
      ),
    )
  })

  it('decode() does not read beyond a subarray', () => {
    const part = new Uint8Array(64).subarray(0, 23)
    expect(() => all.decode(part)).toThrow(/Cannot decode all: 24 bytes at offset 0/)
  })
})

describe('encode() rejects', () => {
  it.each([
    ['a', 0x100],
    ['b', 0x10000],
    ['c', 0x100000000],
    ['d', 0x80000000],
    ['d', -0x80000001],
    ['e', 2n ** 64n],
    ['e', -1n],
    ['e', 1],
    ['c', 1n],
    ['c', undefined],
    ['c', '1'],
    ...['a', 'b', 'c'].map((field): [string, unknown] => [field, -1]),
    ...['a', 'b', 'c', 'd'].flatMap((field): [string, unknown][] => [
      [field, 1.5],
      [field, Number.NaN],
      [field, Number.POSITIVE_INFINITY],
    ]),
  ])('%s = %s', (field, value) => {
    const encode = () => all.encode({ ...zero, [field]: value })
    expect(encode).toThrow(RangeError)
    expect(encode).toThrow(`all.${field}:`)
  })
})

describe('encodeInto()', () => {
  const pair = struct('pair', 4, { a: u16, _gap: u16 })

  it('writes its bytes and no others, padding zero', () => {
    const target = fromHex('aaaaaaaaaaaaaa')
    pair.encodeInto(target, 2, { a: 0x102 })
    expect(toHex(target)).toBe('aaaa02010000aa')
  })

  it('honours byteOffset', () => {
    const larger = new Uint8Array(8)
    pair.encodeInto(larger.subarray(3), 1, { a: 0x102 })
    expect(toHex(larger)).toBe('0000000002010000')
  })

  it.each([5, -1, 1.5, Number.NaN])('rejects offset %s of 8', (offset) => {
    expect(() => pair.encodeInto(new Uint8Array(8), offset, { a: 0 })).toThrow(
      new RangeError(`Cannot encode pair: 4 bytes at offset ${offset} do not fit a buffer of 8`),
    )
  })

  it('writes nothing when it throws', () => {
    const target = new Uint8Array(24)
    expect(() => all.encodeInto(target, 0, { ...zero, a: 1, e: -1n })).toThrow('all.e')
    expect(target).toEqual(new Uint8Array(24))
  })
})
