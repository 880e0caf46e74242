import { parseBdf } from '../args/bdf.ts'
import type { Context } from '../context.ts'
import type { Outcome } from '../outcome.ts'

export type { Outcome } from '../outcome.ts'

/** A positional argument, named as in `<device>`, `[indexes]` or `[entries...]`. Its name tells shells how to complete it. */
export interface ArgumentSpec {
  readonly name: string
  readonly description: string
  /** The values it takes, where those are few. */
  readonly choices?: readonly string[]
  /**
   * Its grammar, where that is known without a host: a batch checks the words of all lines before the first one runs.
   *
   * @throws UsageError
   */
  check?(word: string): unknown
}

/** An option, its flags as commander writes them: `-o, --output <format>`. The name of its value tells shells how to complete it. */
export interface OptionSpec {
  readonly flags: string
  readonly description: string
  /** The values it takes, where those are few. */
  readonly choices?: readonly string[]
  readonly mandatory?: boolean
}

/** The words and options of one call of a command, not yet parsed. */
export interface Invocation {
  readonly words: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

/** A command: how it is called and what it does. */
export interface CommandSpec {
  readonly arguments: readonly ArgumentSpec[]
  readonly options: readonly OptionSpec[]
  /** Calls worth showing under --help, without the leading `tphctl`. */
  readonly examples: readonly string[]
  /** Why it cannot be a line of a batch, where it cannot: what it needs the process for. */
  readonly alone?: string
  /** @throws TphctlError when there is nothing to show */
  run(invocation: Invocation, context: Context): Outcome | Promise<Outcome>
}

/** The argument most commands begin with. */
export const DEVICE_ARGUMENT: ArgumentSpec = {
  name: '<device>',
  description: 'PCI address such as 0000:81:00.0 or 81:00.0, or its path in sysfs',
  check: parseBdf,
}

/** The memory type of entries that name none. */
export const MEMORY_TYPE_OPTION: OptionSpec = {
  flags: '--mem-type <type>',
  description: 'memory the DMA goes to: volatile (vm) or persistent (pm) (default: vm)',
  choices: ['vm', 'pm'],
}
