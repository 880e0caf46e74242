import type { Io } from './io.ts'
import { VERSION_OPTION } from './options.ts'
import type { Parser } from './parsed-call.ts'
import { parsePlainCall } from './plain-call.ts'
import { VERSION } from './version.ts'

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
    if (asksForVersion(argv)) {
      io.stdout.write(`${VERSION}\n`)
      return null
    }
    const plain = await parsePlainCall(argv)
    if (plain !== null) return plain
    if (parse === null) {
      const { commanderParser } = await import('./commander-tree.ts')
      parse = commanderParser(io)
    }
    return parse(argv)
  }
}

function asksForVersion([word = '', ...more]: readonly string[]): boolean {
  return more.length === 0 && VERSION_OPTION.flags.split(', ').includes(word)
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
