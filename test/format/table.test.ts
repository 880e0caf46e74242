import { describe, expect, it } from 'vitest'
import { cellText } from '../../src/format/cell.ts'
import { plainPaint } from '../../src/format/style.ts'
import { renderTable, tsvLines } from '../../src/format/table.ts'
import type { View } from '../../src/format/view.ts'

type Row = readonly (string | number | boolean | null)[]

const pairs: View<readonly Row[], Row> = {
  items: () => [],
  rows: (rows) => rows,
  columns: [
    { title: 'firstColumn', cell: ([first = null]) => first },
    { title: 'last', cell: ([, last = null]) => last, tone: () => 'good' },
  ],
}

describe('renderTable', () => {
  it('aligns columns under a heading and pads no line', () => {
    expect(
      renderTable(
        pairs,
        [
          ['a', 'long value'],
          ['a long value', 'b'],
        ],
        plainPaint,
      ),
    ).toBe('FIRST-COLUMN  LAST\na             long value\na long value  b\n')
  })

  it('of no row is the heading alone', () => {
    expect(renderTable(pairs, [], plainPaint)).toBe('FIRST-COLUMN  LAST\n')
  })

  it('without heading is fields and values', () => {
    expect(
      renderTable(
        { ...pairs, heading: false },
        [
          ['a', 1],
          ['bcd', null],
        ],
        plainPaint,
      ),
    ).toBe('a    1\nbcd  -\n')
  })

  it('paints cells, not what pads them', () => {
    const paint = (tone: string, text: string) => (tone === 'plain' ? text : `<${tone}:${text}>`)
    expect(renderTable(pairs, [['a', 'b']], paint)).toBe(
      '<heading:FIRST-COLUMN>  <heading:LAST>\na             <good:b>\n',
    )
  })
})

describe('tsvLines', () => {
  it('have a tab between values, no heading, and - for what is not known', () => {
    expect([
      ...tsvLines(pairs, [
        ['a', 0],
        [null, ''],
        [true, false],
      ]),
    ]).toEqual(['a\t0\n', '-\t-\n', 'yes\tno\n'])
  })

  it('of no row are none', () => {
    expect([...tsvLines(pairs, [])]).toEqual([])
  })

  it('a value with a tab or a newline stays one cell of one line', () => {
    expect([...tsvLines(pairs, [['a\tb', 'c\nd\u001b']])]).toEqual([
      'a\\u0009b\tc\\u000ad\\u001b\n',
    ])
  })
})

describe('cellText', () => {
  it.each([
    [null, '-'],
    ['', '-'],
    [0, '0'],
    [true, 'yes'],
    [false, 'no'],
    ['ä', 'ä'],
    ['\u202e', '\\u202e'],
  ])('of %j is %j', (value, text) => {
    expect(cellText(value)).toBe(text)
  })
})
