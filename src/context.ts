import type { ErrorInfo, Place } from './errors.ts'
import type { Format } from './format/formats.ts'
import type { BatchFrame } from './format/render.ts'
import type { Result } from './format/result.ts'
import type { Io } from './io.ts'
import type { Notices } from './notices.ts'
import type { Host } from './tph/host.ts'

/** What a command is given beside its own words and options. */
export interface Context {
  readonly io: Io
  readonly notices: Notices
  /** Show what would be sent, send nothing. */
  readonly dryRun: boolean
  /** Open a device that nobody owns, for one command only. */
  readonly ephemeral: boolean
  /** The format that was named; null where that is left to whether stdout is a terminal. */
  readonly asked: Format | null
  /** A result as it is shown to a person, in colour where that is on: for commands that show several. */
  draw(result: Result): Promise<string>
  /** Opens the host that the global options choose; the same one at every call. @throws TphctlError */
  host(): Host
  readonly calls: Calls
}

/** The way to other commands, run under the global options of this one: for a batch. */
export interface Calls {
  readonly format: Format
  /**
   * Parses a call as far as that is possible without a host. Nothing is done yet.
   *
   * @param words as behind `tphctl`
   * @throws UsageError for what does not parse, and for what cannot be part of a batch
   */
  prepare(words: readonly string[]): Promise<PreparedCall>
  /** A result as text in the format that was asked for. */
  render(result: Result, frame?: BatchFrame): Promise<string>
  /** Says on stderr what failed. */
  fail(error: unknown, place: Place): Answer
}

/** A call that was parsed. */
export interface PreparedCall {
  /** The command's name. */
  readonly command: string
  /**
   * Runs it on a host of which nothing is remembered from before. What goes wrong is said on stderr and in the answer, never thrown.
   *
   * @param place where it was written
   * @param show takes the result, if there is one
   */
  run(place: Place, show: Show): Promise<Answer>
}

/** Takes a result, to write it or to keep it. */
export type Show = (result: Result) => Promise<void>

/** How a call ended. */
export interface Answer {
  readonly exitCode: number
  /** Null when it did what was asked. */
  readonly error: ErrorInfo | null
}
