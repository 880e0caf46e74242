import { constants, fchmodSync, fstatSync, lstatSync, openSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import type { Bdf } from '../../args/bdf.ts'
import { escapeUnseen } from '../../args/quote.ts'
import { closeQuietly } from '../../close-quietly.ts'
import { PermissionError, type TphctlError } from '../../errors.ts'
import { makeDirectory } from '../../make-directory.ts'
import { whyNotPrivate } from '../../private-directory.ts'
import { systemError } from '../../system-error.ts'

const OPEN_FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW
const MODE = 0o600

/**
 * Opens the device's lock file; it and its directory are made when they are not there.
 *
 * @param user this process's effective user id
 * @returns the fd, close-on-exec as all of Node's
 * @throws PermissionError when others could put links or files in the way
 */
export function openLockFile(directory: string, bdf: Bdf, user: number): number {
  const path = join(directory, `${bdf}.lock`)
  try {
    const there = lstatSync(directory, { throwIfNoEntry: false })
    if (there === undefined) makeDirectory(directory)
    const trouble = whyNotPrivate(there ?? lstatSync(directory), user)
    if (trouble !== null) throw unsafe(directory, trouble)
    const fd = openSync(path, OPEN_FLAGS, MODE)
    try {
      makeOurs(path, fd, user)
      return fd
    } catch (error) {
      closeQuietly(fd)
      throw error
    }
  } catch (error) {
    throw lockFileError(directory, path, error)
  }
}

/** The holder's name is written into it: it must be a file of that name only, and is for this user alone whatever the umask. */
function makeOurs(path: string, fd: number, user: number): void {
  const stats = fstatSync(fd)
  const trouble = whyOther(stats, user)
  if (trouble !== null) throw unsafe(path, trouble)
  if ((stats.mode & 0o777) !== MODE) fchmodSync(fd, MODE)
}

function whyOther(stats: Stats, user: number): string | null {
  if (!stats.isFile()) return 'is no regular file'
  if (stats.uid !== user) return `belongs to user ${stats.uid}`
  return stats.nlink === 1 ? null : 'has another name as well (a hard link)'
}

function lockFileError(directory: string, path: string, error: unknown): TphctlError {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EEXIST' || code === 'ENOTDIR') return unsafe(directory, 'is no directory')
  if (code === 'ELOOP') return unsafe(path, 'is a symbolic link')
  if (code === 'EISDIR') return unsafe(path, 'is a directory')
  const hint = 'run it as root, or name a directory of yours in XDG_RUNTIME_DIR'
  return systemError(`open the lock file "${escapeUnseen(path)}"`, error, hint)
}

function unsafe(path: string, trouble: string): PermissionError {
  return new PermissionError(`Cannot lock the device: "${escapeUnseen(path)}" ${trouble}`, {
    hint: 'remove it, tphctl makes it anew',
  })
}
