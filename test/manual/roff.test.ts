import { describe, expect, it } from 'vitest'
import { escapeRoff, prose } from '../../src/manual/roff.ts'

describe('roff', () => {
  it('keeps every character as it is on a keyboard', () => {
    expect(escapeRoff('a-b \\n ^~` "c"')).toBe('a\\-b \\en \\(ha\\(ti\\(ga "c"')
    expect(escapeRoff('…')).toBe('\\[u2026]')
  })

  it('lets no text be a request', () => {
    expect(escapeRoff(".so /etc/passwd\n'br")).toBe('\\&.so /etc/passwd\n\\(aqbr')
    for (const line of prose(`${'x'.repeat(78)} .so file`).split('\n'))
      expect(line).toMatch(/^[^.']/)
  })

  it('marks what one types', () => {
    expect(prose('run `tphctl -v` twice')).toBe('run \\fBtphctl \\-v\\fR twice')
  })

  it('breaks long lines at blanks and loses no word', () => {
    const text = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ')
    const lines = prose(text).split('\n')
    expect(lines.join(' ')).toBe(text)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80)
    expect(prose('y'.repeat(200))).toBe('y'.repeat(200))
  })
})
