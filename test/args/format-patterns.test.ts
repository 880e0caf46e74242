import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseIndexList } from '../../src/args/cpu-list.ts'
import { formatPatterns } from '../../src/args/format-patterns.ts'

const every = (first: number, last: number, used: number, group: number) =>
  parseIndexList(`${first}-${last}:${used}/${group}`)

describe('formatPatterns()', () => {
  it.each([
    ['nothing', [], ''],
    ['one number', [7], '7'],
    ['ranges', [0, 1, 2, 9], '0-2,9'],
    ['a range and a number', [0, 1, 2, 3, 8], '0-3,8'],
    ['a pattern that would be longer', [0, 8], '0,8'],
    ['every fourth', every(0, 63, 1, 4), '0-60:1/4'],
    ['the first two of every three', every(0, 59, 2, 3), '0-58:2/3'],
    ['a pattern that is cut short', every(0, 63, 2, 3), '0-63:2/3'],
    ['a pattern behind something else', [1, ...every(100, 163, 1, 8)], '1,100-156:1/8'],
    ['every second', every(0, 63, 1, 2), '0-62:1/2'],
    ['every 256th', every(0, 2047, 1, 256), '0-1792:1/256'],
    ['four of every sixteen', every(0, 2047, 4, 16), '0-2035:4/16'],
    ['three that would be longer as a pattern', [0, 2, 4], '0,2,4'],
    ['a pattern before something else', [3, 259, 515, 771, 1000], '3-771:1/256,1000'],
    ['a pattern between other numbers', [0, 1, 10, 12, 13, 20, 21, 28, 29], '0-1,10,12-29:2/8'],
    ['two numbers behind a pattern', [...every(0, 63, 2, 8), 100, 200], '0-57:2/8,100,200'],
    ['two patterns', [...every(0, 32, 1, 4), ...every(65, 164, 2, 10)], '0-32:1/4,65-156:2/10'],
  ])('formatPatterns of %s', (_, numbers, text) => {
    expect(formatPatterns(numbers)).toBe(text)
  })

  it('reads numbers of a whole table back to the same', () => {
    const lists = fc.uniqueArray(fc.nat(2047), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(lists, (list) => {
        const numbers = list.toSorted((a, b) => a - b)
        expect(parseIndexList(formatPatterns(numbers))).toEqual(numbers)
      }),
    )
  })

  it('reads back to the same numbers', () => {
    const stride = fc.tuple(fc.nat(300), fc.nat(600), fc.integer({ min: 1, max: 5 }), fc.nat(9))
    const lists = fc.oneof(
      fc.uniqueArray(fc.nat(200), { minLength: 1 }),
      fc.array(stride, { minLength: 1, maxLength: 3 }).map((strides) => {
        const numbers = strides.flatMap(([first, length, used, more]) =>
          every(first, first + length, used, used + more),
        )
        return [...new Set(numbers)]
      }),
    )
    fc.assert(
      fc.property(lists, (list) => {
        const numbers = list.toSorted((a, b) => a - b)
        expect(parseIndexList(formatPatterns(numbers))).toEqual(numbers)
      }),
    )
  })
})
