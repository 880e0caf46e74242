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

/** Words out of a grammar's own characters, which come much nearer to it than random text. */
export function wordsOf(alphabet: string): fc.Arbitrary<string> {
  const near = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 16 })
  return fc.oneof(near, fc.string({ unit: 'binary', maxLength: 24 }))
}
