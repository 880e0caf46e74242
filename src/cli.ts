import { Argument, Command, CommanderError, Option } from 'commander'
import type { ArgumentSpec, CommandSpec, Invocation, OptionSpec } from './commands/spec.ts'
import { commandTable } from './commands/table.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { globalOptions, HELP_COMMAND, HELP_OPTION, VERSION_OPTION } from './options.ts'
import type { RawOptions } from './settings.ts'
import { VERSION } from './version.ts'

/** A call of a command as the command line has it. */
export interface ParsedCall {
  readonly spec: CommandSpec
  readonly invocation: Invocation
  readonly globals: RawOptions
}

/**
 * Parses the command line. Only the module of the command that is called is loaded.
 *
 * @returns null when help or the version was asked for and written
 * @throws UsageError for whatever does not parse
 */
export async function parseCall(argv: readonly string[], io: Io): Promise<ParsedCall | null> {
  try {
    return await parse(buildProgram(io), argv)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return null
    throw usageError(error)
  }
}

/** Whether the words ask for json, known before and even when they do not parse. */
export function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, i) =>
      word === '--json' ||
      /^(?:--output=|-o=?)(?:nd)?json$/.test(word) ||
      ((word === '-o' || word === '--output') && /^(?:nd)?json$/.test(argv[i + 1] ?? '')),
  )
}

async function parse(program: Command, argv: readonly string[]): Promise<ParsedCall> {
  const name = commandName(program, argv)
  const spec = name === null ? undefined : await commandTable[name]?.load()
  let invocation: Invocation | null = null
  for (const [each, { summary }] of Object.entries(commandTable)) {
    const command = program.command(each).description(summary)
    if (each !== name || spec === undefined) continue
    addSpec(command, spec)
    command.action(() => {
      invocation = { words: command.args, options: command.opts() }
    })
  }
  program.parse(argv, { from: 'user' })
  if (spec === undefined || invocation === null) throw noCommand()
  return { spec, invocation, globals: program.opts() }
}

function buildProgram(io: Io): Command {
  const program = new Command('tphctl')
    .description('Program the PCIe TPH steering tags of VFIO devices.')
    .version(VERSION, VERSION_OPTION.flags, VERSION_OPTION.description)
    .helpOption(HELP_OPTION.flags, HELP_OPTION.description)
    .helpCommand(`${HELP_COMMAND.name} ${HELP_COMMAND.argument}`, HELP_COMMAND.summary)
    .configureHelp({ showGlobalOptions: true, helpWidth: 80 })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: () => {},
      outputError: () => {},
    })
    .addHelpText(
      'after',
      '\nDEVICE is a PCI address. tphctl(1) has the grammar, formats and exit codes.',
    )
  for (const option of globalOptions) program.addOption(buildOption(option))
  return program
}

function addSpec(command: Command, spec: CommandSpec): void {
  for (const argument of spec.arguments) command.addArgument(buildArgument(argument))
  for (const option of spec.options) command.addOption(buildOption(option))
  const examples = spec.examples.map((example) => `  tphctl ${example}`)
  command.addHelpText('after', `\nExamples:\n${examples.join('\n')}`)
}

function buildArgument({ name, description, choices }: ArgumentSpec): Argument {
  const argument = new Argument(name, description)
  return choices === undefined ? argument : argument.choices(choices)
}

function buildOption({ flags, description, choices, mandatory }: OptionSpec): Option {
  const option = new Option(flags, description).makeOptionMandatory(mandatory ?? false)
  return choices === undefined ? option : option.choices(choices)
}

/** The first word that is no option: the command, or behind `help` the one to help with. */
function commandName(program: Command, argv: readonly string[]): string | null {
  const [first, second] = program.parseOptions([...argv]).operands
  const name = first === 'help' ? second : first
  if (name === undefined) return null
  if (Object.hasOwn(commandTable, name)) return name
  // Of an unknown command commander says so by itself, but not behind `help`.
  if (first === 'help') throw cannotParse(`unknown command '${name}'`)
  return null
}

function usageError({ code, message }: CommanderError): UsageError {
  if (code === 'commander.help') return noCommand()
  const [line = '', suggestion] = message.replace(/^error: /, '').split('\n')
  return cannotParse(line.replace(/\.$/, ''), suggestion?.replace(/^\(|\)$/g, ''))
}

function noCommand(): UsageError {
  return cannotParse('no command is given', '"tphctl --help" shows them')
}

function cannotParse(why: string, hint = '"tphctl --help" shows what there is'): UsageError {
  return new UsageError(`Cannot parse the command line: ${why}`, { hint })
}
