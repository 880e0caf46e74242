import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseIndexList } from '../../src/args/cpu-list.ts'
import { formatStridedList } from '../../src/args/strided-list.ts'

const every = (step: number, used: number, end: number) =>
  Array.from({ length: end }, (_, i) => i).filter((i) => i % step < used)

describe('formatStridedList()', () => {
  it.each([
    [[], ''],
    [[7], '7'],
    [[0, 1, 2, 3, 8], '0-3,8'],
    [[0, 2, 4], '0,2,4'],
    [every(2, 1, 64), '0-62:1/2'],
    [every(256, 1, 2048), '0-1792:1/256'],
    [every(16, 4, 2048), '0-2035:4/16'],
    [[3, 259, 515, 771, 1000], '3-771:1/256,1000'],
    [[0, 1, 10, 12, 13, 20, 21, 28, 29], '0-1,10,12-29:2/8'],
    [every(8, 2, 64).concat([100, 200]), '0-57:2/8,100,200'],
  ])('writes %j as %s', (numbers, text) => {
    expect(formatStridedList(numbers)).toBe(text)
  })

  it('writes what parses back', () => {
    const lists = fc.uniqueArray(fc.nat(2047), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(lists, (list) => {
        const numbers = list.sort((a, b) => a - b)
        expect(parseIndexList(formatStridedList(numbers))).toEqual(numbers)
      }),
    )
  })
})
