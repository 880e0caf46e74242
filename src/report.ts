import { escapeUnseen } from './args/quote.ts'
import { type ErrorInfo, EXIT, type Place, TphctlError, UsageError } from './errors.ts'
import type { Io } from './io.ts'
import type { Notices } from './notices.ts'
import { VERSION } from './version.ts'

/** Notices as lines on stderr: `tphctl: note: …`, or one json object each. @param place the line they are about */
export function makeNotices(
  { stderr }: Io,
  { quiet, strict }: { readonly quiet: boolean; readonly strict: boolean },
  json: boolean,
  place: Place | null = null,
): Notices {
  const write = (kind: 'note' | 'warning', text: string): void => {
    if (quiet) return
    stderr.write(
      json
        ? `${JSON.stringify({ [kind]: text, ...place })}\n`
        : `tphctl: ${kind}: ${placeText(place)}${escapeUnseen(text)}\n`,
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
 * @param place the line it is about
 * @returns the error as json shows it
 */
export function reportError(
  error: unknown,
  { stderr }: Io,
  json: boolean,
  place: Place | null = null,
): ErrorInfo {
  const info = errorInfo(error)
  const stack = error instanceof TphctlError ? null : stackOf(error)
  if (json) {
    const all = { ...info, ...place, ...(stack === null ? {} : { stack }) }
    stderr.write(`${JSON.stringify({ error: all })}\n`)
    return info
  }
  const hint = info.hint === null ? '' : `hint: ${escapeUnseen(info.hint)}\n`
  const trace = stack === null ? '' : `${stack}\n`
  stderr.write(`tphctl: ${placeText(place)}${errorText(info)}\n${hint}${trace}`)
  return info
}

/** An error on one line: the device it is about, and its message. */
export function errorText({ device, message }: ErrorInfo): string {
  return `${device === null ? '' : `${device}: `}${escapeUnseen(message)}`
}

function errorInfo(error: unknown): ErrorInfo {
  if (error instanceof TphctlError) {
    const { code, exitCode, message, hint = null, device = null, errno = null } = error
    return { code, exitCode, message, hint, device, errno }
  }
  return {
    code: 'internal',
    exitCode: EXIT.internal,
    message: `Cannot go on: a bug in tphctl ${VERSION}`,
    hint: 'report it with the stack and your command line, see "Bugs" in README.md',
    device: null,
    errno: null,
  }
}

function placeText(place: Place | null): string {
  return place === null ? '' : `${escapeUnseen(place.source)}:${place.line}: `
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
