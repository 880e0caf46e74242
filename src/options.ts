import { INTERFACE_NAMES } from './abi/interface-names.ts'
import type { OptionSpec } from './commands/spec.ts'

/** The options of every command (design: "Global options"). */
export const globalOptions: readonly OptionSpec[] = [
  {
    flags: '--backend <name>',
    description:
      'the host to work on: this one, or an emulated one (TPHCTL_BACKEND) (default: linux)',
    choices: ['linux', 'mock'],
  },
  {
    flags: '--mock-host <file>',
    description: 'emulate the functions in this output of "lspci -D -xxxx" (TPHCTL_MOCK_HOST)',
  },
  {
    flags: '-o, --output <format>',
    description: 'auto is table on a terminal and tsv in a pipe (default: auto)',
    choices: ['auto', 'table', 'tsv', 'json', 'ndjson'],
  },
  { flags: '--json', description: 'the same as -o json' },
  {
    flags: '--color <when>',
    description: 'colour tables (NO_COLOR, FORCE_COLOR) (default: auto)',
    choices: ['auto', 'always', 'never'],
  },
  { flags: '-q, --quiet', description: 'no notes or warnings on stderr, errors only' },
  { flags: '-v, --verbose', description: 'show each device call and its bytes on stderr' },
  { flags: '-n, --dry-run', description: 'show what would be sent; send nothing' },
  {
    flags: '--abi <name>',
    description:
      'the kernel interface to speak: that of a name, or the one that is there (TPHCTL_ABI) (default: auto)',
    choices: ['auto', ...INTERFACE_NAMES],
  },
  {
    flags: '--feature-index <n>',
    description: 'where the kernel has TPH_ST (TPHCTL_FEATURE_INDEX) (default: 14)',
  },
  {
    flags: '--pid <pid>',
    description: 'borrow the device from this process instead of looking for its owner',
  },
  {
    flags: '--fd <n>',
    description: "the device's fd in the process of --pid; alone, an fd that tphctl inherited",
  },
  {
    flags: '--open <way>',
    description: 'how hold and --ephemeral open a device (default: cdev where there is one)',
    choices: ['cdev', 'group'],
  },
  {
    flags: '--ephemeral',
    description:
      'open a device that nobody owns for this command only: it is reset before and after',
  },
  {
    flags: '--root <dir>',
    description: 'read /sys, /proc and /dev below this folder (default: /)',
  },
  {
    flags: '--wait <seconds>',
    description: "wait so long for another tphctl's lock (default: 30)",
  },
  { flags: '--strict', description: 'treat warnings as errors' },
  {
    flags: '--trust-environment',
    description: 'under sudo, use files that variables name even where others than root may write',
  },
]

/** Shows help, about a command or all of them. */
export const HELP_OPTION: OptionSpec = { flags: '-h, --help', description: 'show help' }

/** Prints the version alone; only without a command. */
export const VERSION_OPTION: OptionSpec = {
  flags: '-V, --version',
  description: 'print the version',
}

/** The one command that is not in the table: it is about those that are. */
export const HELP_COMMAND = {
  name: 'help',
  argument: '[command]',
  summary: 'show help about a command',
} as const
