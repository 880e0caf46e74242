/** How many characters of a word an error message shows. */
const SHOWN = 60

/** Control characters, and invisible ones that could reorder or hide text on a terminal. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * A user's word as error messages show it: in double quotes, on one line, control and invisible characters
 * escaped as JSON escapes them, cut to 60 characters and `…`.
 */
export function quote(word: string): string {
  return escapeUnseen(JSON.stringify(shorten(word, SHOWN)))
}

/** Text from outside as it may go to a terminal: control and invisible characters escaped as JSON escapes them. */
export function escapeUnseen(text: string): string {
  return text.replace(UNSEEN, escaped)
}

/** A text, cut to so many characters and `…` where it is longer; never half a surrogate pair. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most)}…`
}

function escaped(character: string): string {
  const code = character.codePointAt(0)?.toString(16) ?? ''
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}
