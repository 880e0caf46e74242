import { lstatSync, readdirSync, unlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What is left of a command for this long is not going to be used any more, whoever has its pid now. */
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000

/** The temporary file of this process, which is renamed over `path` when it is whole. */
export function temporaryFor(path: string): string {
  return `${path}.${process.pid}.new`
}

/** Removes the temporary files of commands that were killed before they could. What cannot be seen or removed is left to the next one. */
export function removeLeftovers(path: string): void {
  for (const name of namesBeside(path)) {
    const pid = pidIn(name, basename(path))
    if (pid !== null) removeLeftover(join(dirname(path), name), pid)
  }
}

/** Whether no process of this PID namespace has that pid. Every doubt, such as a missing right, means that one has. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function namesBeside(path: string): readonly string[] {
  try {
    return readdirSync(dirname(path))
  } catch {
    return []
  }
}

/** The pid in `BASE.PID.new`; null for any other name. */
function pidIn(name: string, base: string): number | null {
  if (!name.startsWith(`${base}.`)) return null
  const match = /^([1-9]\d{0,9})\.new$/.exec(name.slice(base.length + 1))
  return match === null ? null : Number(match[1])
}

function removeLeftover(path: string, pid: number): void {
  try {
    const age = Date.now() - lstatSync(path).mtimeMs
    if (isGone(pid) || age > DAY_MILLISECONDS) unlinkSync(path)
  } catch {
    // Another command was quicker, or it is no file.
  }
}
