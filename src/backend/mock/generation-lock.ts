import { readdirSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { makeOwnDirectory } from '../../make-directory.ts'
import { holderOf, type LockHolder, ownText } from './lock-holder.ts'
import { quietly } from './quietly.ts'

/** The calls that change the lock's directory. */
export interface LockCalls {
  /** symlink(2). */
  symlink(text: string, path: string): void
  /** unlink(2). */
  unlink(path: string): void
}

const FREE = 'free'
const NODE_CALLS: LockCalls = { symlink: symlinkSync, unlink: unlinkSync }

/**
 * A lock between the processes of one machine that needs no native call and goes with the process that holds it.
 *
 * The lock is a directory of symbolic links named by generation; only the highest counts. A link's text is `free` or
 * says who holds it. The next generation may be claimed once the highest is free or its holder is gone, and both stay
 * true for ever after. Whoever holds the lock removes lower generations, so a claimant that was slow can recreate a
 * removed one: it finds a higher one beside it and withdraws.
 *
 * It relies on two things that local file systems of Linux have and network ones need not have. symlink(2) creates name
 * and text in one step and fails if the name exists, so a generation has one claimant. And one getdents(2) call, which is
 * enough for a directory as small as this, happens wholly before or wholly after each change of the directory: a look
 * that missed the link which replaces another one would take the lock a second time.
 *
 * A holder that is killed where nobody else can tell, in a PID namespace of its own, leaves the lock held until the
 * machine boots or somebody in that namespace takes it.
 */
export class GenerationLock {
  readonly #directory: string
  readonly #calls: LockCalls
  /** The generation by which the caller has the lock; 0 when it has not. */
  #held = 0

  /** @param calls for tests: what the lock does between its looks at the directory */
  constructor(directory: string, calls: LockCalls = NODE_CALLS) {
    this.#directory = directory
    this.#calls = calls
  }

  /**
   * Tries once.
   *
   * @returns null when the lock is now ours, else its holder, or `lost` when somebody else was just quicker
   * @throws system errors as Node throws them
   */
  tryAcquire(): LockHolder | 'lost' | null {
    makeOwnDirectory(this.#directory)
    const idle = idleClaims.get(this.#directory)
    if (idle !== undefined) return this.#confirm(idle)
    const last = this.#highest()
    const holder = last === 0 ? null : this.#holderOf(last)
    if (holder !== null) return holder
    if (!this.#claim(last + 1, ownLink())) return 'lost'
    idleClaims.set(this.#directory, last + 1)
    return this.#confirm(last + 1)
  }

  /**
   * Frees the lock by a `free` generation above ours. It never throws: when that cannot be created, the lock stays with
   * this process until it ends, which can take it again.
   */
  release(): void {
    const mine = this.#held
    this.#held = 0
    if (mine === 0) return
    if (quietly(() => this.#claim(mine + 1, FREE))) quietly(() => this.#remove(mine))
    else idleClaims.set(this.#directory, mine)
  }

  /** Ours is the lock if our claim is still the highest one. */
  #confirm(mine: number): 'lost' | null {
    const isOurs = this.#highest() === mine
    idleClaims.delete(this.#directory)
    if (!isOurs) {
      quietly(() => this.#remove(mine))
      return 'lost'
    }
    this.#held = mine
    quietly(() => this.#removeBelow(mine))
    return null
  }

  #generations(): number[] {
    return readdirSync(this.#directory)
      .filter((name) => /^[1-9]\d{0,14}$/.test(name))
      .map(Number)
  }

  #highest(): number {
    return Math.max(0, ...this.#generations())
  }

  #holderOf(generation: number): LockHolder | 'lost' | null {
    const text = ignoring('ENOENT', () => readlinkSync(join(this.#directory, String(generation))))
    if (text === undefined) return 'lost'
    return text === FREE ? null : holderOf(text)
  }

  #claim(generation: number, text: string): boolean {
    const created = ignoring('EEXIST', () => {
      this.#calls.symlink(text, join(this.#directory, String(generation)))
      return true
    })
    return created ?? false
  }

  #remove(generation: number): void {
    ignoring('ENOENT', () => this.#calls.unlink(join(this.#directory, String(generation))))
  }

  /** What it leaves, the next holder removes. */
  #removeBelow(generation: number): void {
    for (const lower of this.#generations()) if (lower < generation) this.#remove(lower)
  }
}

/** The text of this process's links, which stays the same as long as it runs. */
function ownLink(): string {
  own ??= ownText()
  return own
}

let own: string | null = null

/**
 * Generations that this process has claimed and that no object of it holds, by directory: they could not be confirmed, or not
 * be given back. A program that goes on, such as a batch, must be able to take its own lock again.
 */
const idleClaims = new Map<string, number>()

function ignoring<T>(code: string, action: () => T): T | undefined {
  try {
    return action()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return undefined
    throw error
  }
}
