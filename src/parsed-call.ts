import type { CommandSpec, Invocation } from './commands/spec.ts'
import type { RawOptions } from './settings.ts'

/** A call of a command as the command line has it. */
export interface ParsedCall {
  readonly name: string
  readonly spec: CommandSpec
  readonly invocation: Invocation
  readonly globals: RawOptions
}

/**
 * Parses the words behind `tphctl`. Only the module of the command that is called is loaded.
 *
 * @returns null when help or the version was asked for and written
 * @throws UsageError for whatever does not parse
 */
export type Parser = (argv: readonly string[]) => Promise<ParsedCall | null>
