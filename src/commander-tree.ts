import { Argument, Command, CommanderError, Option } from 'commander'
import { escapeUnseen, shorten } from './args/quote.ts'
import type { ArgumentSpec, CommandSpec, OptionSpec } from './commands/spec.ts'
import { type CommandEntry, commandTable } from './commands/table.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { globalOptions, HELP_COMMAND, HELP_OPTION, VERSION_OPTION } from './options.ts'
import type { ParsedCall, Parser } from './parsed-call.ts'
import { VERSION } from './version.ts'

/** Makes a parser that knows all there is, for what is not plain: it finds what is meant, and says what is wrong. */
export function commanderParser(io: Io): Parser {
  const program = new Program(io)
  return async (argv) => {
    try {
      return await program.parse(argv)
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error
      if (error.exitCode === 0) return null
      throw usageError(error)
    }
  }
}

const HELP_WIDTH = 80

/** The commander tree. */
class Program {
  readonly #root: Command
  readonly #specs = new Map<string, CommandSpec>()
  #called: Pick<ParsedCall, 'name' | 'spec' | 'invocation'> | null = null
  #hasHelp = false

  constructor(io: Io) {
    this.#root = buildProgram(io)
    // What commander goes back to before it parses again.
    this.#root.saveStateBeforeParse()
  }

  async parse(argv: readonly string[]): Promise<ParsedCall> {
    const name = commandName(this.#root, argv)
    if (name === null) this.#addNames()
    else await this.#load(name)
    if (name === null || argv.includes(HELP_COMMAND.name)) this.#addHelp()
    this.#called = null
    this.#root.parse(argv, { from: 'user' })
    if (this.#called === null) throw noCommand()
    const called: Pick<ParsedCall, 'name' | 'spec' | 'invocation'> = this.#called
    return { ...called, globals: this.#root.opts() }
  }

  /** Adds every command by name, for their list and for the name that somebody meant. */
  #addNames(): void {
    for (const [name, entry] of Object.entries(commandTable)) this.#named(name, entry)
  }

  #addHelp(): void {
    if (this.#hasHelp) return
    this.#hasHelp = true
    addHelp(this.#root)
  }

  #named(name: string, { summary }: CommandEntry): Command {
    const known = this.#root.commands.find((command) => command.name() === name)
    return known ?? this.#root.command(name).description(summary)
  }

  /** Adds the command that is called, when it is first called. */
  async #load(name: string): Promise<void> {
    const entry = commandTable[name]
    if (entry === undefined || this.#specs.has(name)) return
    const spec = await entry.load()
    this.#specs.set(name, spec)
    const command = this.#named(name, entry)
    addSpec(command, spec)
    command.action(() => {
      this.#called = { name, spec, invocation: { words: command.args, options: command.opts() } }
    })
  }
}

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
  for (const option of globalOptions) program.addOption(buildOption(option))
  return program
}

/** What only a call without a command, or for help, has use for: it takes as long to make as all options. */
function addHelp(program: Command): void {
  program.helpCommand(`${HELP_COMMAND.name} ${HELP_COMMAND.argument}`, HELP_COMMAND.summary)
  program.addHelpText(
    'after',
    `
Environment: TPHCTL_BACKEND, TPHCTL_MOCK_HOST, TPHCTL_MOCK_STATE,
TPHCTL_MOCK_FAULTS, TPHCTL_FEATURE_INDEX, TPHCTL_FFI, TPHCTL_CODE_CACHE,
XDG_RUNTIME_DIR, XDG_STATE_HOME, HOME, NO_COLOR, FORCE_COLOR. Under sudo those
that name files count only where nobody but root could have put anything, or
with --trust-environment.

DEVICE is a PCI address. tphctl(1) has the grammar, formats and exit codes.`,
  )
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
