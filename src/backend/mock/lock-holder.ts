import { readFileSync, statSync } from 'node:fs'
import { isGone } from '../../leftovers.ts'

/** Who holds a lock. */
export interface LockHolder {
  /** Null when the link does not say. */
  readonly pid: number | null
  readonly command: string
}

/** `pid:start time:PID namespace:boot id`; what this process could not find out is empty. */
const TEXT = /^([1-9]\d{0,9}):(\d*):(\d*):([0-9a-f-]*)$/

/** This process as the text of a lock's link. */
export function ownText(): string {
  const { pidNamespace, bootId } = here()
  return [process.pid, readStat('self')?.startTime, pidNamespace, bootId].join(':')
}

/**
 * The process that a link's text names.
 *
 * Whether it runs can be told in its own PID namespace alone. Anywhere else it counts as running, and so does whoever wrote
 * a text that is not understood: a lock that is held too long does less harm than one held twice.
 *
 * @returns null when it is certainly gone
 */
export function holderOf(text: string): LockHolder | null {
  const match = TEXT.exec(text)
  if (match === null) return holderOfOtherText(text)
  const [pid, start = '', pidNamespace, bootId] = [Number(match[1]), ...match.slice(2)]
  const own = here()
  if (bootId !== '' && own.bootId !== '' && bootId !== own.bootId) return null
  if (pidNamespace === '' || pidNamespace !== own.pidNamespace) {
    return { pid, command: 'not visible from here' }
  }
  return isRunning(pid, start) ? { pid, command: commandOf(pid) } : null
}

function holderOfOtherText(text: string): LockHolder | null {
  const pid = Number(/^([1-9]\d{0,9}):/.exec(text)?.[1] ?? 0)
  if (pid === 0) return { pid: null, command: `its link says ${JSON.stringify(text)}` }
  return isGone(pid) ? null : { pid, command: commandOf(pid) }
}

function isRunning(pid: number, start: string): boolean {
  const stat = isProcOurs() ? readStat(String(pid)) : null
  if (stat === null) return !isGone(pid)
  if (stat.state === 'Z' || stat.state === 'X') return false
  return start === '' || stat.startTime === start
}

function commandOf(pid: number): string {
  return (isProcOurs() ? tryRead(`/proc/${pid}/comm`)?.trim() : null) ?? '?'
}

/** The PID namespace's inode and the boot id; empty without /proc. */
function here(): { readonly pidNamespace: string; readonly bootId: string } {
  return {
    pidNamespace: attempt(() => statSync('/proc/self/ns/pid').ino.toString()) ?? '',
    bootId: tryRead('/proc/sys/kernel/random/boot_id')?.trim() ?? '',
  }
}

/**
 * Whether the pids in /proc are those of this process's own PID namespace: `NSpid` in its status lists its pids from /proc's
 * namespace inwards (proc_pid_status(5)), so that it has just one then.
 */
function isProcOurs(): boolean {
  return /^NSpid:\s*\d+$/m.test(tryRead('/proc/self/status') ?? '')
}

/** State and start time, in clock ticks since boot (fields 3 and 22 of proc_pid_stat(5)); null when they cannot be read. */
function readStat(pid: string): { readonly state: string; readonly startTime: string } | null {
  const text = tryRead(`/proc/${pid}/stat`)
  if (text === null) return null
  const afterCommand = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state: afterCommand[0] ?? '', startTime: afterCommand[19] ?? '' }
}

function tryRead(path: string): string | null {
  return attempt(() => readFileSync(path, 'utf8'))
}

function attempt<T>(action: () => T): T | null {
  try {
    return action()
  } catch {
    return null
  }
}
