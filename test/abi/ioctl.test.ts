import { describe, expect, it } from 'vitest'
import { _IO } from '../../src/abi/ioctl.ts'

describe('_IO()', () => {
  it.each([
    [';', 100, 0x3b64],
    [';', 117, 0x3b75],
    ['T', 1, 0x5401],
    ['\0', 0, 0],
    ['\xff', 255, 0xffff],
  ])('of %j and %i', (type, nr, request) => {
    expect(_IO(type, nr)).toBe(request)
  })

  it.each([
    ['', 0],
    [';;', 0],
    ['\u0100', 0],
    [';', 256],
    [';', -1],
    [';', 1.5],
    [';', Number.NaN],
  ])('rejects %j and %s', (type, nr) => {
    expect(() => _IO(type, nr)).toThrow(
      new RangeError(`Cannot make ioctl number of type "${type}", nr ${nr}: 8 bits each`),
    )
  })
})
