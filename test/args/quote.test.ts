import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonText, quote, shorten } from '../../src/args/quote.ts'
import { anyCharacter, anyText } from './words.ts'

it.each([
  ['', '""'],
  ['81:00.0', '"81:00.0"'],
  ['a"b\\', '"a\\"b\\\\"'],
  ['a\nb\0\x1b[31m', '"a\\nb\\u0000\\u001b[31m"'],
  ['\x7f\x9b2J', '"\\u007f\\u009b2J"'],
  ['\u202eabc\u2028\ufeff', '"\\u202eabc\\u2028\\ufeff"'],
  ['é日', '"é日"'],
  ['x'.repeat(60), `"${'x'.repeat(60)}"`],
  ['x'.repeat(61), `"${'x'.repeat(60)}…"`],
  [`${'x'.repeat(59)}😀y`, `"${'x'.repeat(59)}…"`],
])('quote %j is %s', (word, quoted) => {
  expect(quote(word)).toBe(quoted)
})

it('shorten cuts a text that is longer, never half a surrogate pair', () => {
  expect(shorten('abc', 3)).toBe('abc')
  expect(shorten('abcd', 3)).toBe('abc…')
  expect(shorten('ab😀', 3)).toBe('ab…')
})

it('quote is one short line without control characters for any string', () => {
  fc.assert(
    fc.property(anyText(100), (word) => {
      expect(quote(word)).toMatch(/^"[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]*"$/u)
      expect(quote(word).length).toBeLessThanOrEqual(60 * 6 + 3)
    }),
  )
})

it('quote of a huge word is cheap and short', () => {
  expect(quote('\0'.repeat(10_000_000)).length).toBeLessThan(400)
})

it.each([
  ['\u001b[2J', '"\\u001b[2J"'],
  ['\u007f\u009b2J', '"\\u007f\\u009b2J"'],
  ['\u202e\u2028\ufeff', '"\\u202e\\u2028\\ufeff"'],
  ['\u{e0041}', '"\\udb40\\udc41"'],
  ['é日😀', '"é日😀"'],
])('jsonText of %j is %s', (value, text) => {
  expect(jsonText(value)).toBe(text)
})

it('jsonText is the same value for any reader, and has no control or invisible character but newlines between values', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ stringUnit: anyCharacter }),
      fc.constantFrom(0, 2),
      (value, indent) => {
        const text = jsonText(value, indent)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(text.replaceAll('\n', '')).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u)
      },
    ),
  )
})
