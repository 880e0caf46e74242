/** How many characters of a word an error message shows. */
const SHOWN = 60

/** Controls that JSON leaves alone, and invisible characters that could reorder or hide text on a terminal. */
const UNSEEN = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/**
 * A user's word as error messages show it: in double quotes, on one line, control and invisible characters
 * escaped as JSON escapes them, cut to 60 characters and `…`.
 */
export function quote(word: string): string {
  const shown = word.length > SHOWN ? `${cut(word)}…` : word
  return JSON.stringify(shown).replace(UNSEEN, escaped)
}

/** The first characters of a word, never half a surrogate pair. */
function cut(word: string): string {
  const last = word.charCodeAt(SHOWN - 1)
  return word.slice(0, last >= 0xd800 && last <= 0xdbff ? SHOWN - 1 : SHOWN)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
