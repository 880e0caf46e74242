const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
}

/** How long lines of the page's source are. */
const WIDTH = 79

/** Text for the man macros of roff, every character as it is on a keyboard; `\&` keeps a dot from being a request. */
export function escapeRoff(text: string): string {
  return text
    .replace(/[\\\-'`^~]/g, (character) => SPECIAL[character] ?? character)
    .replace(/[^ -~\n]/g, (character) => `\\[u${hex(character)}]`)
    .replace(/^\./gm, '\\&.')
}

/** A sentence, in which words between backquotes are what one types. */
export function prose(text: string): string {
  const parts = text.split('`').map((part, i) => (i % 2 === 0 ? escapeRoff(part) : bold(part)))
  return wrap(parts.join(''))
}

/** What one types. */
export function bold(text: string): string {
  return `\\fB${escapeRoff(text)}\\fR`
}

/** What stands for something else. */
export function italic(text: string): string {
  return `\\fI${escapeRoff(text)}\\fR`
}

/** A paragraph with a tag, which is roff already. */
export function tagged(tag: string, text: string): string {
  return `.TP\n${tag}\n${prose(text)}\n`
}

/** Lines as they are. */
export function example(lines: readonly string[]): string {
  return `.EX\n${lines.map(escapeRoff).join('\n')}\n.EE\n`
}

/** Breaks at blanks, so that no line is longer than mandoc(1) likes where that can be. */
function wrap(text: string): string {
  const lines = text.match(new RegExp(`.{1,${WIDTH}}(?= |$)|[^ ]+`, 'g')) ?? []
  return lines.map((line) => line.trim().replace(/^\./, '\\&.')).join('\n')
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
