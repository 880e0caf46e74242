import { escapeUnseen } from './args/quote.ts'
import { EXIT, TphctlError, UsageError } from './errors.ts'
import type { Io } from './io.ts'
import type { Notices } from './notices.ts'
import { VERSION } from './version.ts'

/** Notices as lines on stderr: `tphctl: note: …`, or one json object each. */
export function makeNotices(
  { stderr }: Io,
  { quiet, strict }: { readonly quiet: boolean; readonly strict: boolean },
  json: boolean,
): Notices {
  const write = (kind: 'note' | 'warning', text: string): void => {
    if (quiet) return
    stderr.write(
      json ? `${JSON.stringify({ [kind]: text })}\n` : `tphctl: ${kind}: ${escapeUnseen(text)}\n`,
    )
  }
  return {
    note: (text) => write('note', text),
    warn(text) {
      if (strict) throw new UsageError(`Cannot go on under --strict: ${text}`)
      write('warning', text)
    },
  }
}

/**
 * Says on stderr what failed: one line and perhaps a hint, or one json object. What is not a TphctlError is a bug and
 * shows its stack.
 *
 * @returns the exit code
 */
export function reportError(error: unknown, { stderr }: Io, json: boolean): number {
  if (!(error instanceof TphctlError)) return reportBug(error, stderr, json)
  const { code, exitCode, message, hint = null, device = null, errno = null, more } = error
  if (json) {
    const also = more.length === 0 ? {} : { more }
    const fields = { code, exitCode, message, hint, device, errno, ...also }
    stderr.write(`${JSON.stringify({ error: fields })}\n`)
    return exitCode
  }
  const about = device === null ? '' : `${device}: `
  stderr.write(`tphctl: ${about}${escapeUnseen(message)}\n`)
  for (const text of more) stderr.write(`tphctl: ${escapeUnseen(text)}\n`)
  if (hint !== null) stderr.write(`hint: ${escapeUnseen(hint)}\n`)
  return exitCode
}

function reportBug(error: unknown, stderr: Io['stderr'], json: boolean): number {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const message = `Cannot go on: a bug in tphctl ${VERSION}`
  const hint = 'report it with the stack and your command line, see "Bugs" in README.md'
  const exitCode = EXIT.internal
  if (json) {
    const empty = { device: null, errno: null }
    stderr.write(
      `${JSON.stringify({ error: { code: 'internal', exitCode, message, hint, ...empty, stack } })}\n`,
    )
  } else {
    stderr.write(`tphctl: ${message}\nhint: ${hint}\n${stack}\n`)
  }
  return exitCode
}
