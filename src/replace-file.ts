import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { removeLeftovers, temporaryFor } from './leftovers.ts'
import { systemError } from './system-error.ts'

/** Everybody may read what was written, whatever the umask: node_exporter runs as another user. */
const MODE = 0o644

/**
 * Replaces a file by renaming a synced one over it, so that readers see the old or the new one whole, after a power cut too.
 * What killed commands left of their attempts is removed.
 *
 * @throws TphctlError naming the file
 */
export function replaceFile(path: string, text: string): void {
  removeLeftovers(path)
  const fresh = temporaryFor(path)
  try {
    writeSynced(fresh, text)
    renameSync(fresh, path)
    syncFolder(dirname(path))
  } catch (error) {
    removeIfThere(fresh)
    throw systemError(`write "${path}"`, error)
  }
}

/** What keeps it from being removed is what kept the file from being written, which is told already. */
function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // See above.
  }
}

/** A name that is taken is not written through: it may be a link that somebody else left. */
function writeSynced(path: string, text: string): void {
  rmSync(path, { force: true })
  const fd = openSync(path, 'wx', MODE)
  try {
    writeFileSync(fd, text)
    fchmodSync(fd, MODE)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function syncFolder(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
