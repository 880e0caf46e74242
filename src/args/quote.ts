/** How many characters of a word an error message shows. */
const SHOWN = 60

/** Control characters, and invisible ones that could reorder or hide text on a terminal. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * A user's word as error messages show it: in double quotes, on one line, control and invisible characters
 * escaped as JSON escapes them, cut to 60 characters and `…`.
 */
export function quote(word: string): string {
  const shown = word.length > SHOWN ? `${cut(word)}…` : word
  return escapeUnseen(JSON.stringify(shown))
}

/** Text from outside as it may go to a terminal: control and invisible characters escaped as JSON escapes them. */
export function escapeUnseen(text: string): string {
  return text.replace(UNSEEN, escaped)
}

/** The first characters of a word, never half a surrogate pair. */
function cut(word: string): string {
  const last = word.charCodeAt(SHOWN - 1)
  return word.slice(0, last >= 0xd800 && last <= 0xdbff ? SHOWN - 1 : SHOWN)
}

function escaped(character: string): string {
  const code = character.codePointAt(0)?.toString(16) ?? ''
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}
