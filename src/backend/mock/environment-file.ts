import { lstatSync, type Stats } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { quote } from '../../args/quote.ts'
import { PermissionError } from '../../errors.ts'
import type { Io } from '../../io.ts'

const OTHERS_MAY_WRITE = 0o022
const STICKY = 0o1000

/**
 * A file that an environment variable names. Under sudo the environment may be that of somebody who is not to choose what root reads
 * and writes: there it counts only if nobody but root can have put anything at that path.
 *
 * @returns the path
 * @throws PermissionError when somebody else could have
 */
export function environmentFile(
  { env, uid }: Pick<Io, 'env' | 'uid'>,
  variable: string,
  path: string,
): string {
  if (uid !== 0 || !env['SUDO_UID']) return path
  const trouble = whyNotRoots(resolve(path))
  if (trouble === null) return path
  throw new PermissionError(`Cannot use ${variable} ${quote(path)} under sudo: ${trouble}`, {
    hint: '--trust-environment uses it all the same',
  })
}

/** Looks at the file, the folder it is in or would be made in, and those above. */
function whyNotRoots(path: string): string | null {
  let isFirst = true
  for (let at = path; ; at = dirname(at)) {
    const stats = lstatSync(at, { throwIfNoEntry: false })
    const mayBeSticky = !isFirst && at !== dirname(path)
    const trouble = stats === undefined ? null : whyOthers(stats, mayBeSticky)
    if (trouble !== null) return `${quote(at)} ${trouble}`
    if (stats !== undefined) isFirst = false
    if (at === dirname(at)) return null
  }
}

/** @param mayBeSticky whether what lies in it is there, so that in a folder such as /tmp nobody but its owner can replace it */
function whyOthers(stats: Stats, mayBeSticky: boolean): string | null {
  if (stats.isSymbolicLink()) return 'is a symbolic link'
  if (stats.uid !== 0) return `belongs to user ${stats.uid}`
  const isSafe = (stats.mode & OTHERS_MAY_WRITE) === 0
  return isSafe || (mayBeSticky && (stats.mode & STICKY) !== 0) ? null : 'is writable by others'
}
