import fc from 'fast-check'

/** Words that no number, list, address or ENTRY may accept. */
export const MALFORMED = [
  '',
  ' ',
  ' 1',
  '1 ',
  '\t1',
  '1\n',
  '\n',
  '1\0',
  '\0',
  '+1',
  '-1',
  '0x1',
  '0b1',
  '1e3',
  '1.5',
  '1_000',
  'NaN',
  'Infinity',
  '١',
  '\uff11',
  '²',
  '\u00a01',
  '\ufeff1',
  '1\u2028',
  '\ud83d',
] as const

/** Any character there may be in UTF-8. fast-check's own name for the same takes two seconds to set up. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((point) => String.fromCodePoint(point))

/** Any text of such. */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: anyCharacter, maxLength })
}

/** Words out of a grammar's own characters, which come much nearer to it than random text. */
export function wordsOf(alphabet: string): fc.Arbitrary<string> {
  const near = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 16 })
  return fc.oneof(near, anyText(24))
}
