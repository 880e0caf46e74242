import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

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
