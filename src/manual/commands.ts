import type { ArgumentSpec, CommandSpec, OptionSpec } from '../commands/spec.ts'
import { parseFlags } from '../flags.ts'
import { bold, escapeRoff, italic, prose, tagged } from './roff.ts'

/** A command, described. */
export interface Command extends Omit<CommandSpec, 'run'> {
  readonly name: string
  readonly summary: string
}

/** The subsection about a command. */
export function commandSection({ name, summary, arguments: words, options }: Command): string {
  const usage = [bold(name), ...words.map(argumentText), ...options.filter(isNeeded).map(flagsText)]
  return [
    `.SS ${escapeRoff(name)}\n`,
    `${usage.join(' ')}\n.PP\n`,
    `${prose(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)}\n`,
    ...words.map((word) => tagged(argumentText(word), about(word))),
    ...options.map(optionText),
  ].join('')
}

/** An option with what it does. */
export function optionText(option: OptionSpec): string {
  return tagged(flagsText(option), about(option))
}

function about({ description, choices = [] }: ArgumentSpec | OptionSpec): string {
  const text = `${description.charAt(0).toUpperCase()}${description.slice(1)}`
  const isTold = choices.every((one) => new RegExp(`\\b${one}\\b`).test(description))
  return isTold ? `${text}.` : `${text} (${choices.map((one) => `\`${one}\``).join(', ')}).`
}

/** `DEVICE`, `[INDEXES]` or `[ENTRIES...]`, roff already. */
function argumentText({ name }: ArgumentSpec): string {
  const word = italic(name.replace(/[^a-z0-9-]/g, '').toUpperCase())
  const repeated = name.includes('...') ? `${word}...` : word
  return name.startsWith('[') ? `[${repeated}]` : repeated
}

function flagsText({ flags }: OptionSpec): string {
  const { short, long, value } = parseFlags(flags)
  const names = [short, long].filter((one) => one !== null).map(bold)
  return [names.join(', '), ...(value === null ? [] : [italic(value.toUpperCase())])].join(' ')
}

function isNeeded({ mandatory }: OptionSpec): boolean {
  return mandatory === true
}
