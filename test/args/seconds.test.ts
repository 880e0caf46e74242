import { describe, expect, it } from 'vitest'
import { parseSeconds } from '../../src/args/seconds.ts'
import { UsageError } from '../../src/errors.ts'

describe('parseSeconds()', () => {
  it.each([
    ['2', 2000],
    ['0.5', 500],
    ['0.1', 100],
    ['86400', 86_400_000],
    ['1.2345', 1235],
  ])('takes %s', (word, milliseconds) => {
    expect(parseSeconds(word, 'interval')).toBe(milliseconds)
  })

  it.each([
    '',
    '0',
    '0.05',
    '86401',
    '-1',
    '1e3',
    '.5',
    '1.',
    ' 1',
    '1s',
    'NaN',
    'Infinity',
    '0x10',
  ])('refuses %j', (word) => {
    expect(() => parseSeconds(word, 'interval')).toThrow(UsageError)
    expect(() => parseSeconds(word, 'interval')).toThrow(/^Cannot parse interval ".*": expected/)
  })
})
