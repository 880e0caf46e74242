import type { Bdf } from '../args/bdf.ts'
import { aboutDevice, TphctlError } from '../errors.ts'
import type { Host } from './host.ts'
import { LedgerStore } from './ledger.ts'
import type { UndoRecord } from './ledger-format.ts'
import type { SetResult } from './results.ts'
import { notBegun, type Undone, undoDevice } from './undo.ts'

/** What the ledgers say about the last change of this boot. */
export interface LastChange {
  /** The devices it touched, in the order of their ledgers; none without a change. */
  readonly devices: readonly Bdf[]
  /** What is to be undone on each of them. */
  readonly records: ReadonlyMap<Bdf, UndoRecord>
  /** Why ledgers could not be read: their devices were touched too, or nobody knows. */
  readonly unreadable: readonly TphctlError[]
}

/**
 * Looks for the last change of this boot in all ledgers.
 *
 * @throws RefusedError when the ledger of a device that this change is not about cannot be read: it may have a later one
 */
export function lastChanged(host: Host): LastChange {
  const store = new LedgerStore(host.backend.ledger, host.notices)
  const read = store.devices().map((bdf) => ({ bdf, undo: readUndo(host, store, bdf) }))
  const unreadable = read.flatMap(({ undo }) => (undo instanceof TphctlError ? undo : []))
  const undoable = read.flatMap(({ bdf, undo }) =>
    undo === null || undo instanceof TphctlError ? [] : [{ bdf, undo }],
  )
  const [last] = undoable.toSorted((a, b) => b.undo.time - a.undo.time)
  if (last === undefined) return { devices: [], records: new Map(), unreadable }
  const { change } = last.undo
  const devices = last.undo.devices.split(' ')
  const hidden = unreadable.find(({ device }) => device === undefined || !devices.includes(device))
  if (hidden !== undefined) throw notKnown(hidden)
  const records = new Map(
    undoable.filter(({ undo }) => undo.change === change).map(({ bdf, undo }) => [bdf, undo]),
  )
  const found = [...records.keys()]
  const gone = devices.filter((bdf) => !found.includes(bdf))
  if (gone.length > 0) {
    const names = gone.join(', ')
    host.notices.note(
      `the last change was also about ${names}, where no record of it is left: not changed, undone since, or changed again`,
    )
  }
  return { devices: found, records, unreadable }
}

/**
 * Undoes on several devices; one that fails does not keep the others from being put back. The first error is returned, further ones are
 * told as notes.
 */
export function undoDevices(
  host: Host,
  { records, unreadable }: LastChange,
  dryRun: boolean,
): { readonly devices: readonly SetResult[]; readonly error: TphctlError | null } {
  const undone = [...records].map(([bdf, record]) => attempt(host, bdf, record, dryRun))
  const errors = [...undone.flatMap(({ error }) => error ?? []), ...unreadable]
  const [first = null, ...more] = errors
  for (const { device, message } of more) host.notices.note(`${device}: ${message}`)
  return { devices: undone.map(({ result }) => result), error: first }
}

function notKnown(hidden: TphctlError): TphctlError {
  const { code, device, errno, message } = hidden
  return new TphctlError(code, `Cannot tell which change was the last: ${message}`, {
    ...(device === undefined ? {} : { device }),
    ...(errno === undefined ? {} : { errno }),
    hint: 'name the device: "tphctl undo DEVICE"',
  })
}

function attempt(host: Host, bdf: Bdf, record: UndoRecord, dryRun: boolean): Undone {
  try {
    return undoDevice(host, bdf, dryRun)
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    return { result: notBegun(host, bdf, record), error: aboutDevice(bdf, error) }
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
