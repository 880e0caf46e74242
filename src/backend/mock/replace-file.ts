import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { removeLeftovers, temporaryFor } from '../../leftovers.ts'

/**
 * Replaces a file of the user's, so that readers see the old or the new one whole. What killed commands left of their
 * attempts is removed.
 *
 * @param text of latin1 characters
 */
export function replaceFile(path: string, text: string): void {
  removeLeftovers(path)
  const fresh = temporaryFor(path)
  try {
    rmSync(fresh, { force: true })
    writeFileSync(fresh, text, { encoding: 'latin1', mode: 0o600, flag: 'wx' })
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}
