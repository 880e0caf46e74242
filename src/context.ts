import type { Io } from './io.ts'
import type { Notices } from './notices.ts'
import type { Host } from './tph/host.ts'

/** What a command is given beside its own words and options. */
export interface Context {
  readonly io: Io
  readonly notices: Notices
  /** Show what would be sent, send nothing. */
  readonly dryRun: boolean
  /** Opens the host that the global options choose; the same one at every call. @throws TphctlError */
  host(): Host
}
