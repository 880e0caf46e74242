import type { Format } from './format/formats.ts'
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
}
