import { describe, expect, it } from 'vitest'
import { ByteImage } from '../../src/pci/byte-image.ts'

describe('ByteImage', () => {
  it('hands out what was written, the later byte winning, and starts afresh', () => {
    const image = new ByteImage(4)
    image.put(1, 5)
    image.put(0, 4)
    image.put(1, 6)
    expect(image.take()).toEqual({ bytes: Uint8Array.of(4, 6), missing: null })
    expect(image.take()).toEqual({ bytes: new Uint8Array(0), missing: null })
  })

  it('stops at the first gap and names it', () => {
    const image = new ByteImage(8)
    for (const offset of [0, 3, 4, 7]) image.put(offset, 1)
    expect(image.take()).toEqual({ bytes: Uint8Array.of(1), missing: [1, 2] })
  })

  it('does not take bytes of the image before for its own', () => {
    const image = new ByteImage(4)
    for (const offset of [0, 1, 2]) image.put(offset, 1)
    image.take()
    image.put(2, 1)
    expect(image.take()).toEqual({ bytes: new Uint8Array(0), missing: [0, 1] })
  })

  it('keeps nothing of one that does not start at 0', () => {
    const image = new ByteImage(8)
    image.put(2, 1)
    expect(image.take()).toEqual({ bytes: new Uint8Array(0), missing: [0, 1] })
  })

  it('throws RangeError at its capacity', () => {
    expect(() => new ByteImage(4).put(4, 0)).toThrow(RangeError)
  })
})

describe('ByteImage.take()', () => {
  const taken = (bytes: readonly number[], former?: Uint8Array) => {
    const image = new ByteImage(8)
    for (const [at, byte] of bytes.entries()) image.put(at, byte)
    return image.take(former).bytes
  }

  it('hands out the bytes before again where they are the same, and only there', () => {
    const former = taken([1, 2, 3])
    expect(taken([1, 2, 3], former)).toBe(former)
    for (const other of [[1, 2], [1, 2, 3, 0], [1, 2, 4], []]) {
      const bytes = taken(other, former)
      expect(bytes).not.toBe(former)
      expect([...bytes]).toEqual(other)
    }
  })
})
