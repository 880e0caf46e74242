import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, parseInteger } from '../../src/args/integer.ts'
import { usageMessage, valueOrUsageError } from './usage-error.ts'
import { MALFORMED, wordsOf } from './words.ts'

describe('parseInteger', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['007', 7],
    ['100', 100],
  ])('parseInteger accepts %j', (word, value) => {
    expect(parseInteger(word, 'delay', 0, 100)).toBe(value)
  })

  it.each([...MALFORMED, '101', '4294967296'])('parseInteger rejects %j', (word) => {
    const message = usageMessage(() => parseInteger(word, 'delay', 0, 100))
    expect(message).toMatch(/^Cannot parse delay ".*": expected a whole number from 0 to 100$/)
  })

  it('parseInteger takes any number of leading zeros and no value past its bounds', () => {
    expect(parseInteger('0'.repeat(1_000_000), 'delay', 0, 100)).toBe(0)
    usageMessage(() => parseInteger('9'.repeat(1_000_000), 'delay', 0, Number.MAX_SAFE_INTEGER))
  })

  it('parseInteger rejects a word below its minimum', () => {
    usageMessage(() => parseInteger('1', 'delay', 2, 3))
  })

  it('parseInteger agrees with a regular expression on any word', () => {
    fc.assert(
      fc.property(wordsOf('0123456789+-x.e '), (word) => {
        const right = /^[0-9]+$/.test(word) && BigInt(word) <= 65535n
        const value = valueOrUsageError(() => parseInteger(word, 'number', 0, 65535))
        expect(value).toBe(right ? Number(word) : undefined)
      }),
    )
  })
})

it('decimal is -1 for what is not all digits', () => {
  expect(MALFORMED.map(decimal)).toEqual(MALFORMED.map(() => -1))
})
