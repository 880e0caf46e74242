import { UsageError } from '../errors.ts'

/** White space, a comment, or a word of plain and quoted parts. */
const TOKEN =
  /(?<space>[ \t\r\f\n]+)|(?<comment>#.*)|(?<word>(?:[^ \t\r\f\n'"\\]+|'[^']*'|"[^"\\]*")+)/suy

/**
 * Splits a line into words as a shell splits simple ones: at white space, `'…'` and `"…"` keep what is between them as it is, and
 * `#` at the start of a word begins a comment. There are no backslashes, variables or other expansions.
 *
 * @throws UsageError for a quote that is not closed, for a backslash that is not within `'…'`, and for a NUL, which no word of a
 *   command line can have
 */
export function lineWords(line: string): string[] {
  if (line.includes('\0')) throw new UsageError('Cannot split the line into words: it has a NUL')
  const words: string[] = []
  let at = 0
  while (at < line.length) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(line)
    if (match === null) throw cannotSplit(line.slice(at))
    const { word } = match.groups ?? {}
    if (word !== undefined) words.push(unquoted(word))
    at = TOKEN.lastIndex
  }
  return words
}

function unquoted(word: string): string {
  return word.replace(
    /'([^']*)'|"([^"]*)"/g,
    (_, single?: string, double?: string) => single ?? double ?? '',
  )
}

/** @param rest what no token begins with */
function cannotSplit(rest: string): UsageError {
  if (/^(?:\\|"[^"]*\\)/.test(rest)) {
    const hint = "within '...' a backslash is one"
    return new UsageError('Cannot split the line into words: it has a backslash', { hint })
  }
  return new UsageError(`Cannot split the line into words: ${rest[0]} is not closed`)
}
