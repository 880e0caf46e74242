import { lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { E } from './abi/errno.ts'

/** What open(2) with O_NOFOLLOW fails with, as Node says it. */
const ELOOP = { errno: -E.ELOOP, code: 'ELOOP' }

/**
 * Makes a directory of this user alone (mode 0700), and those above it. Level by level, since Node's own recursive mkdir never
 * returns below /proc and misreports a read-only file system.
 *
 * @throws system errors as Node throws them
 */
export function makeDirectory(path: string): void {
  if (isDirectory(path)) return
  const above = dirname(path)
  if (above !== path) makeDirectory(above)
  try {
    mkdirSync(path, 0o700)
  } catch (error) {
    const madeMeanwhile = (error as NodeJS.ErrnoException).code === 'EEXIST' && isDirectory(path)
    if (!madeMeanwhile) throw error
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/**
 * The same for a directory whose own name tphctl chose: a symbolic link there is somebody else's and is not followed. Those above
 * it may be links.
 *
 * @throws ELOOP, or system errors as Node throws them
 */
export function makeOwnDirectory(path: string): void {
  makeDirectory(path)
  refuseLink(path)
}

/** Makes sure that what is there under a name that tphctl chose, if anything is, is no symbolic link. @throws ELOOP */
export function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return
  const { errno, code } = ELOOP
  throw Object.assign(new Error(`${code}: symbolic link, open '${path}'`), { errno, code, path })
}
