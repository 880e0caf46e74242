import { parseCall, wantsJson } from './cli.ts'
import { EXIT } from './errors.ts'
import type { Io } from './io.ts'
import { reportError } from './report.ts'
import { Session } from './session.ts'
import { readSettings } from './settings.ts'

/** The word by which the completion script of a shell asks what may stand at the cursor; no command for people. */
const COMPLETE = '__complete'

/**
 * Runs one command.
 *
 * @param argv the words behind `tphctl`
 * @returns the exit code; everything else went to `io`
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  if (argv[0] === COMPLETE) {
    const { complete } = await import('./completion/complete.ts')
    io.stdout.write(await complete(argv.slice(1), io))
    return EXIT.ok
  }
  let json = wantsJson(argv)
  try {
    const call = await parseCall(argv, io)
    if (call === null) return EXIT.ok
    const settings = readSettings(call.globals, io)
    json = settings.format === 'json' || settings.format === 'ndjson'
    const session = await Session.open(settings, settings.trustEnvironment ? asOutsideSudo(io) : io)
    return (await session.answer(call)).exitCode
  } catch (error) {
    return reportError(error, io, json).exitCode
  }
}

/** Who ran sudo says that what the environment names is what root is to use. */
function asOutsideSudo(io: Io): Io {
  return { ...io, env: { ...io.env, SUDO_UID: undefined } }
}
