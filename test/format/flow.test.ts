import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flow, flowText, type Piece, wrapText } from '../../src/format/flow.ts'
import { plainPaint } from '../../src/format/style.ts'

const plain = (text: string): Piece => ({ tone: 'plain', text })
const canvas = { paint: plainPaint, width: 40 }

describe('flow()', () => {
  it('fills lines with items and stands further lines below the first item', () => {
    const items = Array.from({ length: 6 }, (_, i) => [plain(`item-${i}-xx`)])
    expect(flow(plain('label  '), items, 2, canvas)).toBe(
      'label  item-0-xx  item-1-xx  item-2-xx\n       item-3-xx  item-4-xx  item-5-xx\n',
    )
  })

  it('begins a line for an item that fits there, and breaks only one that fits nowhere', () => {
    const long = ['a'.repeat(20), 'b'.repeat(10), 'c'.repeat(20)].map(plain)
    expect(flow(plain('l '), [[plain('x')], [plain('y'.repeat(36))], long], 2, canvas)).toBe(
      `l x\n  ${'y'.repeat(36)}\n  ${'a'.repeat(20)}${'b'.repeat(10)}\n    ${'c'.repeat(20)}\n`,
    )
  })

  it('is the label alone without items', () => {
    expect(flow(plain('label'), [], 2, canvas)).toBe('label\n')
  })

  it('paints pieces, and measures them without paint', () => {
    const paint = (tone: string, text: string) => `<${tone}>${text}</>`
    const text = flow({ tone: 'bad', text: 'l ' }, [[plain('x')]], 2, { ...canvas, paint })
    expect(text).toBe('<bad>l</> <plain>x</>\n')
  })

  it('never leaves the canvas while pieces fit a line', () => {
    const pieces = fc.array(
      fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom('a', ',') }),
    )
    const items = fc.array(pieces)
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 120 }), (all, width) => {
        const text = flow(
          plain('label '),
          all.map((one) => one.map(plain)),
          2,
          { ...canvas, width },
        )
        const longest = Math.max(...text.split('\n').map((line) => line.trimEnd().length))
        expect(longest).toBeLessThanOrEqual(Math.max(40, width))
        expect(text.replace(/\s/g, '')).toBe(`label${all.flat().join('')}`)
      }),
    )
  })
})

describe('flowText()', () => {
  it('escapes what could move the cursor', () => {
    expect(flowText(plain('owner '), 'a\u001b[2Jb', 'plain', canvas)).toBe('owner a\\u001b[2Jb\n')
  })
})

describe('wrapText()', () => {
  it('breaks between words', () => {
    expect(wrapText('12345678 '.repeat(6).trim(), 40)).toBe(
      '12345678 12345678 12345678 12345678\n12345678 12345678\n',
    )
  })
})
