import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutBehind, withoutMark } from '../src/pieces.ts'

const SEPARATOR = 0x0a
const isSeparator = (byte: number) => byte === SEPARATOR

/** The bytes in one buffer that is written over for each piece, as files are read. */
function* reusing(bytes: readonly number[], sizes: readonly number[]): Generator<Uint8Array> {
  const buffer = Buffer.alloc(Math.max(1, ...sizes))
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    const part = bytes.slice(at, at + size)
    buffer.set(part)
    yield buffer.subarray(0, part.length)
    buffer.fill(0xff)
    at += size
  }
}

describe('cutBehind()', () => {
  it('hands out the same bytes, cut behind separators only', () => {
    const bytes = fc.array(fc.constantFrom(SEPARATOR, 1, 2), { maxLength: 40 })
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(bytes, sizes, (all, cuts) => {
        const pieces = Array.from(cutBehind(isSeparator, reusing(all, cuts)), (piece) => [...piece])
        expect(pieces.flat()).toEqual(all)
        for (const piece of pieces.slice(0, -1)) expect(piece.at(-1)).toBe(SEPARATOR)
      }),
      { numRuns: 500 },
    )
  })
})

describe('withoutMark', () => {
  it('takes a byte order mark from the start, and from nowhere else', () => {
    const mark = [0xef, 0xbb, 0xbf]
    const pieces = (...all: number[][]) => [...withoutMark(all.map((one) => Uint8Array.from(one)))]
    expect(pieces([...mark, 1], mark)).toEqual([Uint8Array.of(1), Uint8Array.from(mark)])
    expect(pieces([1, ...mark])).toEqual([Uint8Array.of(1, ...mark)])
    expect(pieces([0xef, 0xbb], [0xbf])).toEqual([Uint8Array.of(0xef, 0xbb), Uint8Array.of(0xbf)])
    expect(pieces()).toEqual([])
  })
})
