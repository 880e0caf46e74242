import type { Stats } from 'node:fs'

const OTHERS_MAY_WRITE = 0o022

/**
 * Why others could put files or links into a directory; null when it is one to which this user alone may write.
 *
 * @param stats its own, those of a link not followed
 * @param user this process's effective user id
 */
export function whyNotPrivate(stats: Stats, user: number): string | null {
  return (
    whyNotOwn(stats, user) ??
    ((stats.mode & OTHERS_MAY_WRITE) === 0 ? null : 'is writable by others')
  )
}

/** The same, whoever else may write to it now: the user can forbid it. */
export function whyNotOwn(stats: Stats, user: number): string | null {
  if (stats.isSymbolicLink()) return 'is a symbolic link'
  if (!stats.isDirectory()) return 'is no directory'
  return stats.uid === user ? null : `belongs to user ${stats.uid}`
}
