import type { Io } from './io.ts'
import { VERSION_OPTION } from './options.ts'
import type { ParsedCall } from './parsed-call.ts'
import { parsePlainCall } from './plain-call.ts'
import { VERSION } from './version.ts'

/**
 * Parses one command line. To load commander and to make its tree is a quarter of what a call adds to the start of Node.js: what is plain
 * is parsed without.
 *
 * @returns null when help or the version was asked for and written
 * @throws UsageError for whatever does not parse
 */
export async function parseCall(argv: readonly string[], io: Io): Promise<ParsedCall | null> {
  if (asksForVersion(argv)) {
    io.stdout.write(`${VERSION}\n`)
    return null
  }
  const plain = await parsePlainCall(argv)
  if (plain !== null) return plain
  const { parseWithCommander } = await import('./commander-tree.ts')
  return parseWithCommander(argv, io)
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
