import { escapeUnseen, jsonText } from './args/quote.ts'
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
        ? `${jsonText({ [kind]: text, ...place })}\n`
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
    stderr.write(`${jsonText({ error: all })}\n`)
    return info
  }
  const hint = info.hint === null ? '' : `hint: ${escapeUnseen(info.hint)}\n`
  const trace =
    stack
      ?.split('\n')
      .map((line) => `${escapeUnseen(line)}\n`)
      .join('') ?? ''
  const more = info.more?.map((text) => `tphctl: ${escapeUnseen(text)}\n`).join('') ?? ''
  stderr.write(`tphctl: ${placeText(place)}${errorText(info)}\n${more}${hint}${trace}`)
  return info
}

/** An error on one line: the device it is about, and its message. */
export function errorText({ device, message }: ErrorInfo): string {
  return escapeUnseen(`${device === null ? '' : `${device}: `}${message}`)
}

function errorInfo(error: unknown): ErrorInfo {
  if (error instanceof TphctlError) {
    const { code, exitCode, message, hint = null, device = null, errno = null, more } = error
    const also = more.length === 0 ? {} : { more }
    return { code, exitCode, message, hint, device, errno, ...also }
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
