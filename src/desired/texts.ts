import { TphctlError, UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import type { SourceText } from './parse.ts'

/** Where desired state lies when no file is named. */
export const DEFAULT_FOLDER = '/etc/tphctl.d'

const STDIN = '-'
/** What else lies there is not desired state, such as the ENTRYs that a unit of `hold` sets. */
const NAME = /\.(?:ya?ml|json)$/

/** What of the process this needs. */
export type TextReader = Pick<Io, 'readStdin' | 'readFile' | 'listFolder'>

/**
 * The texts of desired state that a command is to read: files, `-` for standard input, or without any the files of the default folder,
 * in the order of their names.
 *
 * @throws TphctlError when one cannot be read; UsageError when there is none
 */
export function readTexts(words: readonly string[], io: TextReader): SourceText[] {
  if (words.filter((word) => word === STDIN).length > 1) {
    throw new UsageError('Cannot apply: standard input ("-") can be read once only')
  }
  const files = words.length === 0 ? defaultFiles(io) : words
  return files.map((name) =>
    name === STDIN ? { name: 'stdin', text: io.readStdin() } : { name, text: io.readFile(name) },
  )
}

function defaultFiles(io: TextReader): string[] {
  const names = namesIn(io, DEFAULT_FOLDER).filter((name) => NAME.test(name))
  if (names.length > 0) return names.sort().map((name) => `${DEFAULT_FOLDER}/${name}`)
  throw new UsageError(
    `Cannot apply: no FILE is given, and ${DEFAULT_FOLDER} has no *.yaml, *.yml or *.json`,
    { hint: 'name a FILE, or - for standard input' },
  )
}

function namesIn(io: TextReader, folder: string): string[] {
  try {
    return [...io.listFolder(folder)]
  } catch (error) {
    if (error instanceof TphctlError && error.errno === 'ENOENT') return []
    throw error
  }
}
