import { dirname } from 'node:path'
import { UsageError } from '../../errors.ts'
import { makeDirectory } from '../../make-directory.ts'
import { systemError } from '../../system-error.ts'
import { acquire } from './acquire.ts'
import { compact } from './compact.ts'
import { GenerationLock } from './generation-lock.ts'
import {
  appendJournal,
  isMissing,
  type JournalPosition,
  readJournal,
  replaceJournal,
} from './journal.ts'
import {
  CorruptStateError,
  formatRecord,
  formatUpdate,
  type StateRecord,
} from './journal-format.ts'
import { applyChange, type Change, LazyCopy, type Memory } from './memory.ts'
import { quietly } from './quietly.ts'

/** A state file this long is rewritten without what later records overwrote. */
const COMPACT_ABOVE = 8 * 1024 * 1024

/** A writer holds the lock for a few milliseconds; a wait this long means that one is stopped. */
const LOCK_SECONDS = 30

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * The changing state of emulated functions, in a file that all commands of a user share. The file is a journal: readers
 * need no lock and see each change wholly or not at all; writers take turns.
 */
export class MockStore {
  readonly #path: string
  readonly #host: string
  readonly #imageOf: (bdf: string) => Memory
  readonly #lock: GenerationLock
  readonly #memories = new Map<string, Writable<Memory>>()
  #records = new Map<string, StateRecord[]>()
  #position: JournalPosition | null = null
  /** Whether there was no file when it was last read; as long as none was read there may be none. */
  #isAbsent = true

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
    return look(this.#memoryForReader(bdf))
  }

  /** Runs `change` on a function's memory while no other process writes; what it changed is stored when it returns. */
  update<T>(bdf: string, change: (memory: Memory) => T): T {
    return this.#exclusively(() => {
      const before = this.#reporting('read', () => this.#presentMemory(bdf))
      const after = new LazyCopy(before)
      const result = change(after)
      this.#append(bdf, after.changes())
      return result
    })
  }

  /**
   * Forgets everything, of every host in the file.
   *
   * @param prepare runs first, while no other process writes; unless it returns true, all stays as it is
   * @returns what `prepare` returned
   * @throws UsageError when the file was not written by tphctl
   */
  reset(prepare: () => boolean): boolean {
    return this.#exclusively(() => {
      this.#refuseForeignFile()
      if (!prepare()) return false
      this.#replaceFile([])
      return true
    })
  }

  /** Readers have no lock, so what looks corrupt to one is looked at again, from its start, while nobody writes. */
  #memoryForReader(bdf: string): Memory {
    try {
      return this.#presentMemory(bdf)
    } catch (error) {
      const isOurs = error instanceof CorruptStateError && error.ours
      if (!isOurs || !quietly(() => this.#takeLock())) throw this.#translate('read', error)
    }
    this.#position = null
    return this.#releasing(() => this.#reporting('read', () => this.#presentMemory(bdf)))
  }

  #presentMemory(bdf: string): Memory {
    this.#refresh()
    return this.#memoryOf(bdf)
  }

  /** Takes over what others wrote. If it throws, the next one takes the same records again. */
  #refresh(): void {
    // Each look at a file that is not there would make an error.
    const part =
      this.#isAbsent && isMissing(this.#path) ? null : readJournal(this.#path, this.#position)
    this.#isAbsent = part === null
    if (part === null || part.fromStart) {
      this.#memories.clear()
      this.#records = new Map()
      this.#position = null
    }
    for (const record of part?.records ?? []) if (record.host === this.#host) this.#take(record)
    this.#position = part?.position ?? null
  }

  #take(record: StateRecord): void {
    const memory = this.#memories.get(record.bdf)
    const waiting = this.#records.get(record.bdf)
    if (memory !== undefined) this.#apply(memory, record)
    else if (waiting !== undefined) waiting.push(record)
    else this.#records.set(record.bdf, [record])
  }

  #memoryOf(bdf: string): Writable<Memory> {
    const known = this.#memories.get(bdf)
    if (known !== undefined) return known
    const memory = { ...this.#imageOf(bdf) }
    for (const record of this.#records.get(bdf) ?? []) this.#apply(memory, record)
    this.#records.delete(bdf)
    this.#memories.set(bdf, memory)
    return memory
  }

  /** A piece that never changed is that of the image itself. */
  #apply(memory: Writable<Memory>, record: StateRecord): void {
    const { bdf, region } = record
    if (memory[region] === this.#imageOf(bdf)[region]) memory[region] = memory[region].slice()
    try {
      applyChange(memory, record)
    } catch {
      throw new CorruptStateError(`a record of ${record.bdf} does not fit the device`)
    }
  }

  #append(bdf: string, changes: readonly Change[]): void {
    if (changes.length === 0) return
    const line = formatUpdate(this.#host, bdf, changes)
    this.#reporting('write', () => appendJournal(this.#path, this.#position?.end ?? 0, line))
    // It is stored by now: whoever reads next takes it over, if this read cannot.
    quietly(() => this.#refresh())
    if ((this.#position?.end ?? 0) > COMPACT_ABOVE) this.#compact()
  }

  #compact(): void {
    const all = this.#reporting('read', () => readJournal(this.#path, null))
    const records = compact(all?.records ?? [])
    if (records.length < (all?.records.length ?? 0) / 2) this.#replaceFile(records)
  }

  #replaceFile(records: readonly StateRecord[]): void {
    const lines = records.map(formatRecord).join('')
    this.#reporting('write', () => replaceJournal(this.#path, lines))
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
    this.#takeLock()
    return this.#releasing(action)
  }

  #takeLock(): void {
    this.#reporting('write', () => makeDirectory(dirname(this.#path)))
    this.#reporting('lock', () => acquire(this.#lock, LOCK_SECONDS, `mock state "${this.#path}"`))
  }

  #releasing<T>(action: () => T): T {
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
    const action = `${verb} mock state "${this.#path}"`
    if (!(error instanceof CorruptStateError)) return systemError(action, error)
    const hint = error.ours
      ? '"tphctl mock reset" empties it'
      : 'name another file in TPHCTL_MOCK_STATE, or remove this one yourself'
    return new UsageError(`Cannot ${action}: ${error.message}`, { hint })
  }
}
