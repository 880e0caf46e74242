import { lstatSync, readdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isGone } from './lock-holder.ts'
import { quietly } from './quietly.ts'

/** What is left of a command for this long is not going to be used any more, whoever has its pid now. */
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000

/**
 * Replaces a file of the user's, so that readers see the old or the new one whole. What killed commands left of their
 * attempts is removed.
 *
 * @param text of latin1 characters
 */
export function replaceFile(path: string, text: string): void {
  removeLeftovers(path)
  const fresh = `${path}.${process.pid}.new`
  try {
    rmSync(fresh, { force: true })
    writeFileSync(fresh, text, { encoding: 'latin1', mode: 0o600, flag: 'wx' })
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}

/** Those that cannot be seen or removed are left to the next one. */
function removeLeftovers(path: string): void {
  quietly(() => {
    for (const name of readdirSync(dirname(path))) {
      const pid = pidIn(name, basename(path))
      if (pid !== null) quietly(() => removeLeftover(join(dirname(path), name), pid))
    }
  })
}

/** The pid in `BASE.PID.new`; null for any other name. */
function pidIn(name: string, base: string): number | null {
  if (!name.startsWith(`${base}.`)) return null
  const match = /^([1-9]\d{0,9})\.new$/.exec(name.slice(base.length + 1))
  return match === null ? null : Number(match[1])
}

function removeLeftover(path: string, pid: number): void {
  const age = Date.now() - lstatSync(path).mtimeMs
  if (isGone(pid) || age > DAY_MILLISECONDS) unlinkSync(path)
}
