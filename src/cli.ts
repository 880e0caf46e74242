import type { Io } from './io.ts'
import type { Parser } from './parsed-call.ts'
import { parsePlainCall } from './plain-call.ts'

/** Parses one command line. */
export function parseCall(argv: readonly string[], io: Io): ReturnType<Parser> {
  return makeParser(io)(argv)
}

/**
 * Makes a parser for any number of calls, each parsed as if it were the only one. It takes longer to load commander than to run most
 * commands: what is plain is parsed without.
 */
export function makeParser(io: Io): Parser {
  let parse: Parser | null = null
  return async (argv) => {
    const plain = await parsePlainCall(argv)
    if (plain !== null) return plain
    if (parse === null) {
      const { commanderParser } = await import('./commander-tree.ts')
      parse = commanderParser(io)
    }
    return parse(argv)
  }
}

const JSON_FORMATS = ['json', 'ndjson']
const JSON_WORDS = [
  '--json',
  '--output=json',
  '--output=ndjson',
  '-o=json',
  '-o=ndjson',
  '-ojson',
  '-ondjson',
]

/** Whether the words ask for json, known before and even when they do not parse. */
export function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, i) =>
      JSON_WORDS.includes(word) ||
      ((word === '-o' || word === '--output') && JSON_FORMATS.includes(argv[i + 1] ?? '')),
  )
}
