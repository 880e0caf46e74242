import type { ArgumentSpec, CommandSpec, OptionSpec } from './commands/spec.ts'
import { commandTable } from './commands/table.ts'
import { globalOptions } from './options.ts'
import type { ParsedCall } from './parsed-call.ts'
import { sortWords, valuesOf } from './sort-words.ts'

/**
 * Parses a call that can be read in one way only and has nothing wrong with it: a command, the words it takes, and options that are
 * written out. What it finds is what commander finds.
 *
 * @param argv the words behind `tphctl`
 * @returns null for any other: commander knows what is meant, or what is wrong
 */
export async function parsePlainCall(argv: readonly string[]): Promise<ParsedCall | null> {
  const [name = ''] = sortWords(argv, globalOptions).operands
  const entry = Object.hasOwn(commandTable, name) ? commandTable[name] : undefined
  if (entry === undefined || !isPlainBefore(argv, name)) return null
  const spec = await entry.load()
  const { operands, given, isPlain } = sortWords(argv, [...globalOptions, ...spec.options])
  const [, ...words] = operands
  if (!isPlain || !takes(spec, words) || !isRight(spec, given)) return null
  const values = (options: readonly OptionSpec[]) =>
    valuesOf([...given].filter(([option]) => options.includes(option)))
  const invocation = { words, options: values(spec.options) }
  return { name, spec, invocation, globals: values(globalOptions) }
}

/** In front of a command stand options of all commands only. */
function isPlainBefore(argv: readonly string[], name: string): boolean {
  const { isPlain, operands } = sortWords(argv.slice(0, argv.indexOf(name)), globalOptions)
  return isPlain && operands.length === 0
}

/** Whether a command takes so many words, and these. */
function takes({ arguments: specs }: CommandSpec, words: readonly string[]): boolean {
  const least = specs.filter(({ name }) => name.startsWith('<')).length
  const isOpen = specs.at(-1)?.name.includes('...') ?? false
  if (words.length < least || (words.length > specs.length && !isOpen)) return false
  return words.every((word, i) => isChoice(specs[Math.min(i, specs.length - 1)], word))
}

/** Whether each option has a value that it takes, and those are given that have to be. */
function isRight({ options }: CommandSpec, given: ReadonlyMap<OptionSpec, string | true>): boolean {
  return (
    options.every((option) => option.mandatory !== true || given.has(option)) &&
    [...given].every(([option, value]) => isChoice(option, value))
  )
}

function isChoice(spec: ArgumentSpec | OptionSpec | undefined, value: string | true): boolean {
  return spec?.choices === undefined || (value !== true && spec.choices.includes(value))
}
