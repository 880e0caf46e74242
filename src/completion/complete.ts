import { loadBackend } from '../backend/open.ts'
import type { ArgumentSpec, OptionSpec } from '../commands/spec.ts'
import { commandTable } from '../commands/table.ts'
import { parseFlags } from '../flags.ts'
import type { Io } from '../io.ts'
import { globalOptions, HELP_COMMAND, HELP_OPTION, VERSION_OPTION } from '../options.ts'
import { readSettings } from '../settings.ts'
import { findOption, type SortedWords, sortWords, valuesOf } from '../sort-words.ts'
import {
  type Answer,
  answerText,
  behind,
  type Candidate,
  matching,
  NOTHING,
  plain,
} from './answer.ts'
import { hostWords } from './host-words.ts'

/** Names of arguments and values that stand for something in the file system. */
const PATHS: Readonly<Record<string, Answer>> = {
  file: { kind: 'files' },
  files: { kind: 'files' },
  dir: { kind: 'folders' },
}

/** What is at the cursor, and what the words before it say. */
interface Cursor {
  readonly typed: string
  readonly before: SortedWords
  readonly io: Io
}

/** A part of the grammar that a command, or the command line before one, has. */
interface Grammar {
  readonly arguments: readonly ArgumentSpec[]
  readonly options: readonly OptionSpec[]
}

/**
 * What may stand at the cursor of a shell: looks at the host, never opens a device, never waits for anything.
 *
 * @param words those behind `tphctl` up to the cursor, the last one as far as it is written
 * @returns the text that the scripts of the shells read; empty when there is nothing to offer, whatever the reason
 */
export async function complete(words: readonly string[], io: Io): Promise<string> {
  try {
    const typed = words.at(-1) ?? ''
    return answerText(matching(await find(words.slice(0, -1), typed, io), typed))
  } catch {
    // There is no place for a message in the middle of a command line.
    return ''
  }
}

async function find(words: readonly string[], typed: string, io: Io): Promise<Answer> {
  const [name] = sortWords(words, globalOptions).operands
  const { arguments: args, options } = await grammarOf(name)
  const before = sortWords(words, options)
  const cursor = { typed, before, io }
  if (before.waiting !== null) return valueAnswer(before.waiting, cursor)
  if (typed.startsWith('-') && !before.isOver) return optionAnswer(options, cursor)
  if (name === undefined) return { kind: 'words', candidates: commands() }
  const position = before.operands.length - 1
  const argument = args[position] ?? args.findLast((one) => one.name.includes('...'))
  if (argument === undefined) return missingAnswer(options, before)
  return nameAnswer(argument.name.replace(/[^a-z0-9]/g, ''), argument.choices, cursor)
}

async function grammarOf(name: string | undefined): Promise<Grammar> {
  if (name === undefined) {
    return { arguments: [], options: [...globalOptions, HELP_OPTION, VERSION_OPTION] }
  }
  if (name === HELP_COMMAND.name) {
    const choices = Object.keys(commandTable)
    return { arguments: [{ name: HELP_COMMAND.argument, description: '', choices }], options: [] }
  }
  const spec = Object.hasOwn(commandTable, name) ? await commandTable[name]?.load() : undefined
  if (spec === undefined) return { arguments: [], options: [] }
  return { arguments: spec.arguments, options: [...spec.options, ...globalOptions, HELP_OPTION] }
}

function commands(): Candidate[] {
  const table = Object.entries(commandTable).map(([word, { summary }]) => ({
    word,
    about: summary,
  }))
  return [...table, { word: HELP_COMMAND.name, about: HELP_COMMAND.summary }]
}

/** The value of an option, which is the next word. */
function valueAnswer({ flags, choices }: OptionSpec, cursor: Cursor): Promise<Answer> {
  return nameAnswer(parseFlags(flags).value ?? '', choices, cursor)
}

/** An option, or in a word with `=` the value of one. */
async function optionAnswer(options: readonly OptionSpec[], cursor: Cursor): Promise<Answer> {
  const { typed } = cursor
  const { option, value } = findOption(typed, options)
  if (option !== null && value !== null && typed.startsWith('--')) {
    const prefix = typed.slice(0, typed.length - value.length)
    return behind(prefix, await valueAnswer(option, { ...cursor, typed: value }))
  }
  return { kind: 'words', candidates: options.flatMap(optionCandidates) }
}

function optionCandidates({ flags, description: about }: OptionSpec): Candidate[] {
  const { short, long } = parseFlags(flags)
  return [long, ...(short === null ? [] : [short])].map((word) => ({ word, about }))
}

/** Where no argument is left: the options that the command cannot do without. */
function missingAnswer(options: readonly OptionSpec[], { given }: SortedWords): Answer {
  const missing = options.filter((option) => option.mandatory && !given.has(option))
  return { kind: 'words', candidates: missing.flatMap(optionCandidates) }
}

/** What may stand where an argument or a value with that name is expected. */
async function nameAnswer(
  name: string,
  choices: readonly string[] | undefined,
  { typed, before, io }: Cursor,
): Promise<Answer> {
  if (choices !== undefined) return { kind: 'words', candidates: plain(choices) }
  const ask = hostWords[name]
  if (ask === undefined) return PATHS[name] ?? NOTHING
  const openBackend = await loadBackend(readSettings(valuesOf(before.given), io), io)
  return ask({ backend: openBackend(), typed, device: before.operands[1] })
}
