import type { Bdf } from '../args/bdf.ts'
import { aboutDevice, TphctlError } from '../errors.ts'
import type { Host } from './host.ts'
import { LedgerStore } from './ledger.ts'
import type { UndoRecord } from './ledger-format.ts'
import { emptyResult, type SetResult } from './results.ts'
import { type Undone, undoDevice } from './undo.ts'

/**
 * The devices that the last change of this boot touched, in the order of their ledgers; none without one. A ledger that cannot be
 * read is left out, with a note.
 */
export function lastChanged(host: Host): Bdf[] {
  const store = new LedgerStore(host.backend.ledger)
  const undoable = store.devices().flatMap((bdf) => {
    const undo = readUndo(host, store, bdf)
    return undo === null ? [] : [{ bdf, undo }]
  })
  const [last] = undoable.toSorted((a, b) => b.undo.time - a.undo.time)
  return undoable.filter(({ undo }) => undo.change === last?.undo.change).map(({ bdf }) => bdf)
}

/** Undoes on several devices; one that fails does not keep the others from being put back. The first error is reported. */
export function undoDevices(
  host: Host,
  bdfs: readonly Bdf[],
  dryRun: boolean,
): { readonly devices: readonly SetResult[]; readonly error: TphctlError | null } {
  const undone = bdfs.map((bdf) => attempt(host, bdf, dryRun))
  return {
    devices: undone.map(({ result }) => result),
    error: undone.find(({ error }) => error !== null)?.error ?? null,
  }
}

function attempt(host: Host, bdf: Bdf, dryRun: boolean): Undone {
  try {
    return undoDevice(host, bdf, dryRun)
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    return { result: emptyResult(bdf), error: aboutDevice(bdf, error) }
  }
}

function readUndo({ backend, notices }: Host, store: LedgerStore, bdf: Bdf): UndoRecord | null {
  try {
    const ledger = store.read(bdf)
    return ledger?.bootId === backend.bootId ? ledger.undo : null
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    notices.note(`${bdf}: left out: ${error.message}`)
    return null
  }
}
