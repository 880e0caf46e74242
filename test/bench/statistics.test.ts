import { describe, expect, it } from 'vitest'
import { gainTable, rowTable } from './report.ts'
import { isMet, type Row } from './row.ts'
import { ratioOf, summarize } from './statistics.ts'

describe('figures', () => {
  it('are summed up as the least and the one in the middle, or between the two there', () => {
    expect(summarize([10, 9, 1])).toEqual({ min: 1, median: 9 })
    expect(summarize([4, 1, 3, 100])).toEqual({ min: 1, median: 3.5 })
    expect(() => summarize([])).toThrow(RangeError)
  })

  it('are compared least with least and middle with middle', () => {
    expect(ratioOf({ min: 3, median: 8 }, { min: 2, median: 4 })).toEqual({ min: 1.5, median: 2 })
  })
})

describe('the report', () => {
  const row: Row = {
    what: 'get',
    node: 'v22.0.0',
    ratio: { min: 1.2, median: 1.36 },
    cpu: null,
    target: 1.35,
    runs: 40,
    detail: '27 ms over 20 ms',
  }

  it('says of a bound that is not kept that it is not, whatever the least run took', () => {
    expect(isMet(row)).toBe(false)
    expect(rowTable([row])).toContain('| 1.20  | 1.36   | -   | 1.35    | NO   | 40   |')
  })

  it('has no verdict on what is only reported', () => {
    expect(isMet({ ...row, target: null })).toBe(true)
    expect(rowTable([{ ...row, target: null }])).toContain('| -       | -    |')
  })

  it('has a column of gains for each Node.js', () => {
    const gains = [
      { technique: 'one', node: 'v22', milliseconds: 1.25 },
      { technique: 'one', node: 'v24', milliseconds: -0.5 },
      { technique: 'two', node: 'v24', milliseconds: 3 },
    ]
    expect(gainTable(gains).split('\n').slice(2)).toEqual([
      '| one       | 1.3 ms | -0.5 ms |',
      '| two       | -      | 3.0 ms  |',
    ])
  })
})
