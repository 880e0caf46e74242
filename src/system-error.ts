import { getSystemErrorMap } from 'node:util'
import { PermissionError, RefusedError, TphctlError, UsageError } from './errors.ts'

/** What went wrong with the path itself, not with the machine: the user named something that is not usable. */
const WRONG_PATH = new Set(['ENOENT', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])
/** What tphctl means by it: of the files it makes none may be a link. */
const MEANINGS: Readonly<Record<string, string>> = { ELOOP: 'a symbolic link is in the way' }
const NO_RIGHT = new Set(['EACCES', 'EPERM', 'EROFS'])

/**
 * The same for a file that the user named as input: whatever keeps it from being read is wrong input.
 *
 * @throws what was thrown, when it is no system error: that is a bug
 */
export function inputError(action: string, thrown: unknown): UsageError {
  const { message, errno } = systemError(action, thrown)
  return new UsageError(message, errno === undefined ? {} : { errno })
}

/**
 * The same for a file that nobody named, such as one of /sys: whatever keeps it from being read, no input is wrong.
 *
 * @throws what was thrown, when it is no system error: that is a bug
 */
export function hostError(action: string, thrown: unknown): TphctlError {
  const error = systemError(action, thrown)
  if (!(error instanceof UsageError)) return error
  const { message, errno } = error
  return new RefusedError(message, errno === undefined ? {} : { errno })
}

/**
 * Turns what Node's file calls throw into an error for the user.
 *
 * @param action `verb object`, as in `read "FILE"`
 * @returns the error itself when it is ours already
 * @throws what was thrown, when it is no system error: that is a bug
 */
export function systemError(action: string, thrown: unknown, hint?: string): TphctlError {
  if (thrown instanceof TphctlError) return thrown
  const { code, errno } = thrown as NodeJS.ErrnoException
  if (code === undefined || errno === undefined) throw thrown
  const meaning = MEANINGS[code] ?? getSystemErrorMap().get(errno)?.[1] ?? 'system error'
  const details = { errno: code, ...(hint === undefined ? {} : { hint }) }
  const message = `Cannot ${action}: ${code}, ${meaning}`
  if (NO_RIGHT.has(code)) return new PermissionError(message, details)
  if (WRONG_PATH.has(code)) return new UsageError(message, details)
  return new RefusedError(message, details)
}
