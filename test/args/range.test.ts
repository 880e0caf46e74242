import { expect, it } from 'vitest'
import { matchRange, pushRange, rangeLength, rangeProblem } from '../../src/args/range.ts'

it.each([
  ['5', { first: 5, last: 5, used: 1, group: 1 }],
  ['2-9', { first: 2, last: 9, used: 1, group: 1 }],
  ['2-9:1/3', { first: 2, last: 9, used: 1, group: 3 }],
  ['5:1/2', null],
  ['2-9:1', null],
  ['0'.repeat(65), null],
])('matchRange %j is %o', (part, range) => {
  expect(matchRange(part)).toEqual(range)
})

it('matchRange of a huge part is null without matching it', () => {
  expect(matchRange('1'.repeat(100_000_000))).toBeNull()
})

it('rangeLength is how many numbers pushRange appends', () => {
  for (let last = 0; last < 12; last++) {
    for (let group = 1; group < 14; group++) {
      for (let used = 1; used <= group; used++) {
        const range = { first: 0, last, used, group }
        const numbers: number[] = []
        pushRange(range, numbers)
        expect(rangeProblem(range, 12)).toBeNull()
        expect(rangeLength(range)).toBe(numbers.length)
        expect(numbers).toEqual([...Array(last + 1).keys()].filter((n) => n % group < used))
      }
    }
  }
})
