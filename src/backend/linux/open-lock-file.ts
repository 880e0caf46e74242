import { constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import type { Bdf } from '../../args/bdf.ts'
import { escapeUnseen } from '../../args/quote.ts'
import { closeQuietly } from '../../close-quietly.ts'
import { PermissionError, type TphctlError } from '../../errors.ts'
import { makeDirectory } from '../../make-directory.ts'
import { systemError } from '../../system-error.ts'

const OPEN_FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW
const OTHERS_MAY_WRITE = 0o022

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
    const trouble = whyUnsafe(there ?? lstatSync(directory), user)
    if (trouble !== null) throw unsafe(directory, trouble)
    return checked(openSync(path, OPEN_FLAGS, 0o600), path)
  } catch (error) {
    throw lockFileError(directory, path, error)
  }
}

/** @throws for anything but a regular file, which is closed then */
function checked(fd: number, path: string): number {
  try {
    if (fstatSync(fd).isFile()) return fd
    throw unsafe(path, 'is no regular file')
  } catch (error) {
    closeQuietly(fd)
    throw error
  }
}

function whyUnsafe(stats: Stats, user: number): string | null {
  if (stats.isSymbolicLink()) return 'is a symbolic link'
  if (!stats.isDirectory()) return 'is no directory'
  if (user !== 0) return null
  if (stats.uid !== user) return `belongs to user ${stats.uid}`
  return (stats.mode & OTHERS_MAY_WRITE) === 0 ? null : 'is writable by others'
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
