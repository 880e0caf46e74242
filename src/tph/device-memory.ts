import type { PciFunction } from '../backend/types.ts'
import { EntryTable } from './entry-table.ts'
import type { Host } from './host.ts'
import { isCurrent, knownEntries } from './known.ts'
import { LedgerStore } from './ledger.ts'
import type { Ledger, UndoRecord } from './ledger-format.ts'

/** What names one change of one or more devices in their ledgers. */
export interface ChangeName {
  readonly command: string
  readonly change: string
  readonly time: number
  /** All devices it was about, with a space between them. */
  readonly devices: string
}

/** The ledger of one device while a command, which has the device's lock, works on it. */
export class DeviceMemory {
  /** The ledger as it was found; null when there is none that holds. */
  readonly found: Ledger | null
  readonly known: EntryTable
  readonly #store: LedgerStore
  readonly #frame: Pick<Ledger, 'schemaVersion' | 'device' | 'bootId' | 'owner'>

  /** @throws what `Backend.requireOwner` and the ledger throw */
  constructor({ backend, notices }: Host, fn: PciFunction) {
    const owner = backend.requireOwner(fn.bdf)
    this.#store = new LedgerStore(backend.ledger, notices)
    const ledger = this.#store.read(fn.bdf)
    this.found = ledger !== null && isCurrent(ledger, backend, owner) ? ledger : null
    this.known = knownEntries(this.found)
    this.#frame = {
      schemaVersion: 1,
      device: fn.bdf,
      bootId: backend.bootId,
      owner: { pid: owner.pid, startTime: owner.startTime },
    }
  }

  /** Before anything is sent: what was there and what is meant, so that a crash leaves undo right and CPUs unknown. */
  begin(undo: UndoRecord): void {
    this.#write(this.#without(undo.before), undo)
  }

  /** When all is done: the tags of what was set, and what undo is to put back. */
  finish(before: EntryTable, now: EntryTable, undo: UndoRecord | null): void {
    const others = this.#without(before)
    this.#write(others.length === 0 ? now : EntryTable.of([...others, ...now]), undo)
  }

  #without(touched: EntryTable): EntryTable {
    const { known } = this
    if (known.indexes.every((index) => touched.find(index) >= 0)) return EntryTable.EMPTY
    return EntryTable.of([...known].filter(({ index }) => touched.find(index) < 0))
  }

  #write(entries: EntryTable, undo: UndoRecord | null): void {
    this.#store.write({ ...this.#frame, entries, undo })
  }
}
