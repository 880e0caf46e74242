import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { UsageError } from '../../errors.ts'
import { systemError } from '../../system-error.ts'
import { acquire } from './acquire.ts'
import { compact } from './compact.ts'
import { GenerationLock } from './generation-lock.ts'
import { appendJournal, type JournalPosition, readJournal } from './journal.ts'
import {
  CorruptStateError,
  formatRecord,
  formatUpdate,
  HEADER,
  type StateRecord,
} from './journal-format.ts'
import { applyChange, copyMemory, differences, type Memory } from './memory.ts'

/** A state file this long is rewritten without what later records overwrote. */
const COMPACT_ABOVE = 8 * 1024 * 1024

/** A writer holds the lock for a few milliseconds; a wait this long means that one is stopped. */
const LOCK_SECONDS = 30

/**
 * The changing state of emulated functions, in a file that all commands of a user share. The file is a journal: readers
 * need no lock and see each change wholly or not at all; writers take turns.
 */
export class MockStore {
  readonly #path: string
  readonly #host: string
  readonly #imageOf: (bdf: string) => Memory
  readonly #lock: GenerationLock
  readonly #memories = new Map<string, Memory>()
  #records = new Map<string, StateRecord[]>()
  #position: JournalPosition | null = null

  /**
   * @param host the key under which this host's records are kept
   * @param imageOf the memory of a function before anything changed; the store does not write into it
   */
  constructor(path: string, host: string, imageOf: (bdf: string) => Memory) {
    this.#path = path
    this.#host = host
    this.#imageOf = imageOf
    this.#lock = new GenerationLock(`${path}.lock`)
  }

  /** Looks at the present memory of a function. `look` must not change it. */
  read<T>(bdf: string, look: (memory: Memory) => T): T {
    this.#refresh()
    return look(this.#memoryOf(bdf))
  }

  /** Runs `change` on a function's memory while no other process writes; what it changed is stored when it returns. */
  update<T>(bdf: string, change: (memory: Memory) => T): T {
    return this.#exclusively(() => {
      this.#refresh()
      const before = this.#memoryOf(bdf)
      const after = copyMemory(before)
      const result = change(after)
      this.#append(bdf, before, after)
      return result
    })
  }

  /**
   * Forgets everything, of every host in the file.
   *
   * @throws UsageError when the file was not written by tphctl
   */
  reset(): void {
    this.#exclusively(() => {
      this.#refuseForeignFile()
      this.#replaceFile([])
    })
  }

  #refresh(): void {
    const part = this.#reporting('read', () => readJournal(this.#path, this.#position))
    if (part === null || part.fromStart) {
      this.#memories.clear()
      this.#records = new Map()
    }
    this.#position = part?.position ?? null
    for (const record of part?.records ?? []) if (record.host === this.#host) this.#take(record)
  }

  #take(record: StateRecord): void {
    const memory = this.#memories.get(record.bdf)
    const waiting = this.#records.get(record.bdf)
    if (memory !== undefined) this.#apply(memory, record)
    else if (waiting !== undefined) waiting.push(record)
    else this.#records.set(record.bdf, [record])
  }

  #memoryOf(bdf: string): Memory {
    const known = this.#memories.get(bdf)
    if (known !== undefined) return known
    const memory = copyMemory(this.#imageOf(bdf))
    for (const record of this.#records.get(bdf) ?? []) this.#apply(memory, record)
    this.#records.delete(bdf)
    this.#memories.set(bdf, memory)
    return memory
  }

  #apply(memory: Memory, record: StateRecord): void {
    try {
      applyChange(memory, record)
    } catch {
      throw this.#corrupt(`a record of ${record.bdf} does not fit the device`)
    }
  }

  #append(bdf: string, before: Memory, after: Memory): void {
    const changes = differences(before, after)
    if (changes.length === 0) return
    const line = formatUpdate(this.#host, bdf, changes)
    this.#reporting('write', () => appendJournal(this.#path, this.#position?.end ?? 0, line))
    this.#refresh()
    if ((this.#position?.end ?? 0) > COMPACT_ABOVE) this.#compact()
  }

  #compact(): void {
    const all = this.#reporting('read', () => readJournal(this.#path, null))
    const records = compact(all?.records ?? [])
    if (records.length < (all?.records.length ?? 0) / 2) this.#replaceFile(records)
  }

  #replaceFile(records: readonly StateRecord[]): void {
    const fresh = `${this.#path}.${process.pid}.new`
    this.#reporting('write', () => {
      try {
        writeFileSync(fresh, HEADER + records.map(formatRecord).join(''), { mode: 0o600 })
        renameSync(fresh, this.#path)
      } catch (error) {
        rmSync(fresh, { force: true })
        throw error
      }
    })
  }

  #refuseForeignFile(): void {
    try {
      readJournal(this.#path, null)
    } catch (error) {
      if (error instanceof CorruptStateError && error.ours) return
      throw this.#translate('reset', error)
    }
  }

  #exclusively<T>(action: () => T): T {
    this.#reporting('write', () => mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 }))
    this.#reporting('lock', () => acquire(this.#lock, LOCK_SECONDS, `mock state "${this.#path}"`))
    try {
      return action()
    } finally {
      this.#lock.release()
    }
  }

  #reporting<T>(verb: string, action: () => T): T {
    try {
      return action()
    } catch (error) {
      throw this.#translate(verb, error)
    }
  }

  #translate(verb: string, error: unknown): Error {
    if (!(error instanceof CorruptStateError))
      return systemError(`${verb} mock state "${this.#path}"`, error)
    return this.#corrupt(error.message, verb, error.ours)
  }

  #corrupt(why: string, verb = 'read', ours = true): UsageError {
    const hint = ours
      ? '"tphctl mock reset" empties it'
      : 'name another file in TPHCTL_MOCK_STATE, or remove this one yourself'
    return new UsageError(`Cannot ${verb} mock state "${this.#path}": ${why}`, { hint })
  }
}
