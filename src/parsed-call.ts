import type { CommandSpec, Invocation } from './commands/spec.ts'
import type { RawOptions } from './settings.ts'

/** A call of a command as the command line has it. */
export interface ParsedCall {
  readonly name: string
  readonly spec: CommandSpec
  readonly invocation: Invocation
  readonly globals: RawOptions
}
