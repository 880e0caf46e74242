import fc from 'fast-check'
import { expect } from 'vitest'
import { ENTER_SCREEN, LEAVE_SCREEN } from '../../src/format/screen.ts'

/** What a terminal may act on, or not show, or show in another order. */
const UNITS = [
  '\u001b[2J',
  '\u001b]0;title\u0007',
  '\u001b',
  '\u0007',
  '\b',
  '\r',
  '\n',
  '\t',
  '\u007f',
  '\u0085',
  '\u009b31m',
  '\u009d0;x\u009c',
  '\u00ad',
  '\u061c',
  '\u200b',
  '\u200e',
  '\u202e',
  '\u2028',
  '\u2029',
  '\u2066',
  '\ufeff',
  '\u{e0041}',
  '\u{1d173}',
  'a',
  '"',
  '\\',
  ' ',
  'é',
]

/** Text that somebody else chose, without the characters that a name in a folder cannot have. */
export const hostileName = fc
  .string({ unit: fc.constantFrom(...UNITS), minLength: 1, maxLength: 12 })
  .filter((name) => name.trim() !== '')

/** The same for what is part of a line. */
export const hostileWord = hostileName.map((name) => name.replaceAll('\n', '\u0085'))

/** Some of them, the same each time. */
export function samples(arbitrary: fc.Arbitrary<string>, count: number): string[] {
  return fc.sample(arbitrary, { numRuns: count, seed: 1 })
}

/** Control and invisible characters but the newline at the end of a line and the tab between cells. */
const FORBIDDEN = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
/** What `watch` itself sends to a terminal. */
const SCREEN = [ENTER_SCREEN, LEAVE_SCREEN, '\u001b[H', '\u001b[K', '\r\n']
/** What tphctl's tables have; none of the units above is of that form. */
const COLOURS = [1, 2, 22, 31, 32, 33, 39].map((code) => `\u001b[${code}m`)

/**
 * Asserts that nothing of what somebody else chose acts on a terminal.
 *
 * @param about what was run, for the message
 * @param isScreen whether the text is that of `watch`, which takes the whole terminal
 */
export function expectHarmless(text: string, about: string, isScreen = false): void {
  const own = [...COLOURS, ...(isScreen ? SCREEN : [])]
  const left = own.reduce((rest, one) => rest.replaceAll(one, '\n'), text)
  const at = FORBIDDEN.exec(left)?.index ?? -1
  const found = at < 0 ? '' : left.slice(Math.max(0, at - 40), at + 40)
  expect(JSON.stringify(found), about).toBe('""')
}
