import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number
  readonly command: string
}

const FREE = 'free'

/**
 * A lock between processes that needs no native call and cannot go stale.
 *
 * The lock is a directory of symbolic links named by generation; only the highest counts. A link's text is `free` or
 * the holder's `pid:start time`. symlink(2) creates name and text in one step and fails if the name exists, so a
 * generation has one claimant. The next generation may be claimed once the highest is free or its holder is gone,
 * and both stay true for ever after. Whoever holds the lock removes lower generations, so a claimant that was slow
 * can recreate a removed one: it finds a higher one beside it and withdraws.
 */
export class GenerationLock {
  readonly #directory: string
  #held = 0

  constructor(directory: string) {
    this.#directory = directory
  }

  /**
   * Tries once.
   *
   * @returns null when the lock is now ours, else its holder (pid 0 when somebody else was just quicker)
   */
  tryAcquire(): LockHolder | null {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
    const last = this.#highest()
    const holder = last === 0 ? null : this.#holderOf(last)
    if (holder !== null) return holder
    const mine = last + 1
    if (!this.#claim(mine, `${process.pid}:${startTime(process.pid) ?? ''}`)) return SOMEBODY
    if (this.#highest() !== mine) {
      this.#remove(mine)
      return SOMEBODY
    }
    this.#held = mine
    this.#removeBelow(mine)
    return null
  }

  /** Frees the lock: a `free` generation above ours. */
  release(): void {
    const mine = this.#held
    if (mine === 0) return
    this.#held = 0
    this.#claim(mine + 1, FREE)
    this.#remove(mine)
  }

  #generations(): number[] {
    return readdirSync(this.#directory)
      .filter((name) => /^[1-9]\d{0,14}$/.test(name))
      .map(Number)
  }

  #highest(): number {
    return Math.max(0, ...this.#generations())
  }

  #holderOf(generation: number): LockHolder | null {
    const text = ignoring('ENOENT', () => readlinkSync(join(this.#directory, String(generation))))
    if (text === undefined) return SOMEBODY
    if (text === FREE) return null
    const [word = '', start = ''] = text.split(':')
    const pid = Number(word)
    return isRunning(pid, start) ? { pid, command: commandOf(pid) } : null
  }

  #claim(generation: number, text: string): boolean {
    const created = ignoring('EEXIST', () => {
      symlinkSync(text, join(this.#directory, String(generation)))
      return true
    })
    return created ?? false
  }

  #remove(generation: number): void {
    ignoring('ENOENT', () => unlinkSync(join(this.#directory, String(generation))))
  }

  #removeBelow(generation: number): void {
    for (const lower of this.#generations()) if (lower < generation) this.#remove(lower)
  }
}

const SOMEBODY: LockHolder = { pid: 0, command: '?' }

/** Start time of a process in clock ticks since boot (proc(5), stat field 22); null when there is no such process. */
function startTime(pid: number): string | null {
  const stat = ignoring('ENOENT', () =>
    ignoring('ESRCH', () => readFileSync(`/proc/${pid}/stat`, 'utf8')),
  )
  if (stat === undefined) return null
  const afterCommand = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return afterCommand[0] === 'Z' ? null : (afterCommand[19] ?? null)
}

/** A process that /proc hides from us (hidepid) still answers EPERM to a signal. */
function isRunning(pid: number, start: string): boolean {
  const running = startTime(pid)
  if (running !== null) return start === '' || running === start
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function commandOf(pid: number): string {
  const comm = ignoring('ENOENT', () => readFileSync(`/proc/${pid}/comm`, 'utf8'))
  return comm?.trim() ?? '?'
}

function ignoring<T>(code: string, action: () => T): T | undefined {
  try {
    return action()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return undefined
    throw error
  }
}
