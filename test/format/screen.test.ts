import { describe, expect, it } from 'vitest'
import { drawPage } from '../../src/format/screen.ts'

const ten = Array.from({ length: 10 }, (_, i) => `line ${i}\n`).join('')
const status = (part: string | null) => `status ${part}`

/** The lines of a page without the sequences that clear and place them. */
function linesOf({ text }: { text: string }): string[] {
  expect(text.startsWith('\u001b[H')).toBe(true)
  return text.slice(3).replaceAll('\u001b[K', '').split('\r\n')
}

describe('drawPage()', () => {
  it('fills the terminal, the status below', () => {
    const page = drawPage('a\nb\n', 0, { columns: 80, rows: 5 }, status)
    expect(linesOf(page)).toEqual(['a', 'b', '', '', 'status null'])
    expect(page.text.split('\u001b[K')).toHaveLength(6)
  })

  it('shows a part of what is longer, and which', () => {
    const page = drawPage(ten, 0, { columns: 80, rows: 4 }, status)
    expect(linesOf(page)).toEqual(['line 0', 'line 1', 'line 2', 'status 1-3 of 10'])
  })

  it.each([
    [4, 4, '5-7 of 10'],
    [-3, 0, '1-3 of 10'],
    [99, 7, '8-10 of 10'],
  ])('from line %i shows those from %i', (wanted, top, part) => {
    const page = drawPage(ten, wanted, { columns: 80, rows: 4 }, status)
    expect([page.top, linesOf(page).at(-1)]).toEqual([top, `status ${part}`])
  })

  it('clears each line before it is written, so that a full one keeps its last character', () => {
    const page = drawPage('12345\n', 0, { columns: 5, rows: 2 }, () => 's')
    expect(page.text).toBe('\u001b[H\u001b[K12345\r\n\u001b[Ks')
  })

  it('cuts the status, and does with a terminal of one line', () => {
    const page = drawPage(ten, 0, { columns: 9, rows: 1 }, status)
    expect(linesOf(page)).toEqual(['line 0', 'status 1'])
  })
})
