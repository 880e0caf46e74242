import { Argument, Command, CommanderError, Option } from 'commander'
import { escapeUnseen, shorten } from './args/quote.ts'
import type { ArgumentSpec, CommandSpec, OptionSpec } from './commands/spec.ts'
import { commandTable } from './commands/table.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { globalOptions, HELP_COMMAND, HELP_OPTION, VERSION_OPTION } from './options.ts'
import type { ParsedCall } from './parsed-call.ts'
import { VERSION } from './version.ts'

/**
 * Parses a call that is not plain with all that commander knows: it finds what is meant, and says what is wrong.
 *
 * @returns null when help or the version was asked for and written
 * @throws UsageError for whatever does not parse
 */
export async function parseWithCommander(
  argv: readonly string[],
  io: Io,
): Promise<ParsedCall | null> {
  try {
    return await parse(buildProgram(io), argv)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return null
    throw usageError(error)
  }
}

/** Of the commands only the one that is called gets its grammar. */
async function parse(program: Command, argv: readonly string[]): Promise<ParsedCall> {
  const name = commandName(program, argv)
  const spec = name === null ? undefined : await commandTable[name]?.load()
  const command = program.commands.find((one) => one.name() === name)
  const calls: Omit<ParsedCall, 'globals'>[] = []
  if (name !== null && spec !== undefined && command !== undefined) {
    addSpec(command, spec)
    command.action(() => {
      calls.push({ name, spec, invocation: { words: command.args, options: command.opts() } })
    })
  }
  program.parse(argv, { from: 'user' })
  const [called] = calls
  if (called === undefined) throw noCommand()
  return { ...called, globals: program.opts() }
}

const HELP_WIDTH = 80

function buildProgram(io: Io): Command {
  const program = new Command('tphctl')
    .description('Program the PCIe TPH steering tags of VFIO devices.')
    .version(VERSION, VERSION_OPTION.flags, VERSION_OPTION.description)
    .helpOption(HELP_OPTION.flags, HELP_OPTION.description)
    .configureHelp({ showGlobalOptions: true, helpWidth: HELP_WIDTH })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: () => {},
      outputError: () => {},
      // To tell these of its own streams, Node.js loads all there is of sockets.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
    })
    .helpCommand(`${HELP_COMMAND.name} ${HELP_COMMAND.argument}`, HELP_COMMAND.summary)
    .addHelpText('after', ABOUT)
  for (const option of globalOptions) program.addOption(buildOption(option))
  for (const [name, { summary }] of Object.entries(commandTable))
    program.command(name).description(summary)
  return program
}

const ABOUT = `
Environment: TPHCTL_BACKEND, TPHCTL_MOCK_HOST, TPHCTL_MOCK_STATE,
TPHCTL_MOCK_FAULTS, TPHCTL_FEATURE_INDEX, TPHCTL_FFI, TPHCTL_CODE_CACHE,
XDG_RUNTIME_DIR, XDG_STATE_HOME, HOME, NO_COLOR, FORCE_COLOR. Under sudo those
that name files count only where nobody but root could have put anything, or
with --trust-environment.

DEVICE is a PCI address. tphctl(1) has the grammar, formats and exit codes.`

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

/** What commander says: what is wrong, with words of the user in it, and perhaps a line with what was meant. */
const MESSAGE = /^(?:error: )?(.*?)(?:\n\((Did you mean [^\n]*)\))?$/s
/** Characters of it that are shown. */
const MOST_SAID = 300

function usageError({ code, message }: CommanderError): UsageError {
  if (code === 'commander.help') return noCommand()
  const [, line = '', suggestion] = MESSAGE.exec(message) ?? []
  return cannotParse(line.replace(/\.$/, ''), suggestion)
}

function noCommand(): UsageError {
  return cannotParse('no command is given', '"tphctl --help" shows them')
}

function cannotParse(why: string, hint = '"tphctl --help" shows what there is'): UsageError {
  const said = shorten(escapeUnseen(why), MOST_SAID)
  return new UsageError(`Cannot parse the command line: ${said}`, { hint: escapeUnseen(hint) })
}
