import { parseCall, wantsJson } from './cli.ts'
import { EXIT } from './errors.ts'
import type { Io } from './io.ts'
import { reportError } from './report.ts'
import { Session } from './session.ts'
import { readSettings } from './settings.ts'

/**
 * Runs one command.
 *
 * @param argv the words behind `tphctl`
 * @returns the exit code; everything else went to `io`
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let json = wantsJson(argv)
  try {
    const call = await parseCall(argv, io)
    if (call === null) return EXIT.ok
    const settings = readSettings(call.globals, io)
    json = settings.format === 'json' || settings.format === 'ndjson'
    const session = await Session.open(settings, io)
    return (await session.answer(call)).exitCode
  } catch (error) {
    return reportError(error, io, json).exitCode
  }
}
