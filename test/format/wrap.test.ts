import { describe, expect, it } from 'vitest'
import { wrap } from '../../src/format/wrap.ts'

describe('wrap', () => {
  it('breaks at blanks, so that no line is longer than the width with its indent', () => {
    expect(wrap('one two three four', 2, 11)).toBe('one two\n  three\n  four')
  })

  it('keeps a word whole that is longer than a line', () => {
    expect(wrap('see /sys/bus/pci/devices now', 4, 12)).toBe(
      'see\n    /sys/bus/pci/devices\n    now',
    )
  })

  it('leaves alone what fits', () => {
    expect(wrap('a b', 0, 3)).toBe('a b')
    expect(wrap('', 4, 80)).toBe('')
  })
})
