/** How many characters of a word an error message shows. */
const SHOWN = 60

/** Text without any of these; nearly all is. */
const PLAIN = /^[ -~]*$/

/**
 * A user's word as error messages show it: in double quotes, on one line, control and invisible characters
 * escaped as JSON escapes them, cut to 60 characters and `…`.
 */
export function quote(word: string): string {
  return escapeUnseen(JSON.stringify(shorten(word, SHOWN)))
}

/** Text from outside as it may go to a terminal: control and invisible characters escaped as JSON escapes them. */
export function escapeUnseen(text: string): string {
  return PLAIN.test(text) ? text : text.replace(unseen(), escaped)
}

/** A text, cut to so many characters and `…` where it is longer; never half a surrogate pair. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most)}…`
}

/**
 * A value as JSON that may go to a terminal: what JSON itself lets through of control and invisible characters is escaped too, which
 * every reader takes for the same value.
 *
 * @param indent blanks for each level; 0 for one line
 */
export function jsonText(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, null, indent)
  return isPlainJson(text) ? text : text.replace(unseen(), unitsEscaped)
}

/** Whether JSON has nothing to escape in it, as nearly all: of ASCII it escapes all that is unseen itself, but DEL. */
function isPlainJson(text: string): boolean {
  return Buffer.byteLength(text) === text.length && !text.includes('\x7f')
}

/** Control characters, and invisible ones that could reorder or hide text on a terminal. Half a millisecond to make. */
function unseen(): RegExp {
  made ??= /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu
  return made
}

let made: RegExp | null = null

function escaped(character: string): string {
  const code = character.codePointAt(0)?.toString(16) ?? ''
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}

/** JSON has a unit of UTF-16 in each escape, and newlines between its values alone. */
function unitsEscaped(character: string): string {
  if (character === '\n') return character
  return Array.from({ length: character.length }, (_, i) => escaped(character.charAt(i))).join('')
}
