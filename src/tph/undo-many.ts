import type { Bdf } from '../args/bdf.ts'
import { aboutDevice, TphctlError } from '../errors.ts'
import type { Host } from './host.ts'
import { LedgerStore } from './ledger.ts'
import type { UndoRecord } from './ledger-format.ts'
import { emptyResult, type SetResult } from './results.ts'
import { type Undone, undoDevice } from './undo.ts'

/** What the ledgers say about the last change of this boot. */
export interface LastChange {
  /** The devices it touched, in the order of their ledgers; none without a change. */
  readonly devices: readonly Bdf[]
  /** Why ledgers could not be read: their devices may have been touched too. */
  readonly unreadable: readonly TphctlError[]
}

/** Looks for the last change of this boot in all ledgers. */
export function lastChanged(host: Host): LastChange {
  const store = new LedgerStore(host.backend.ledger, host.notices)
  const read = store.devices().map((bdf) => ({ bdf, undo: readUndo(host, store, bdf) }))
  const unreadable = read.flatMap(({ undo }) => (undo instanceof TphctlError ? undo : []))
  const undoable = read.flatMap(({ bdf, undo }) =>
    undo === null || undo instanceof TphctlError ? [] : [{ bdf, undo }],
  )
  const [last] = undoable.toSorted((a, b) => b.undo.time - a.undo.time)
  if (last === undefined) return { devices: [], unreadable }
  const { change, devices } = last.undo
  const found = undoable.filter(({ undo }) => undo.change === change).map(({ bdf }) => bdf)
  const gone = devices.filter((bdf) => !found.includes(bdf))
  if (gone.length > 0) {
    const names = gone.join(', ')
    host.notices.note(
      `the last change was also about ${names}, where no record of it is left: not changed, undone since, or changed again`,
    )
  }
  return { devices: found, unreadable }
}

/**
 * Undoes on several devices; one that fails does not keep the others from being put back. The first error is returned, further ones are
 * told as notes.
 */
export function undoDevices(
  host: Host,
  { devices: bdfs, unreadable }: LastChange,
  dryRun: boolean,
): { readonly devices: readonly SetResult[]; readonly error: TphctlError | null } {
  const undone = bdfs.map((bdf) => attempt(host, bdf, dryRun))
  const errors = [...undone.flatMap(({ error }) => error ?? []), ...unreadable]
  const [first = null, ...more] = errors
  for (const { device, message } of more) host.notices.note(`${device}: ${message}`)
  return { devices: undone.map(({ result }) => result), error: first }
}

function attempt(host: Host, bdf: Bdf, dryRun: boolean): Undone {
  try {
    return undoDevice(host, bdf, dryRun)
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    return { result: emptyResult(bdf), error: aboutDevice(bdf, error) }
  }
}

function readUndo(
  { backend }: Host,
  store: LedgerStore,
  bdf: Bdf,
): UndoRecord | TphctlError | null {
  try {
    const ledger = store.readStrictly(bdf)
    return ledger?.bootId === backend.bootId ? ledger.undo : null
  } catch (error) {
    if (error instanceof TphctlError) return aboutDevice(bdf, error)
    throw error
  }
}
