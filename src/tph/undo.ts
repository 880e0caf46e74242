import type { Bdf } from '../args/bdf.ts'
import { formatNumberList } from '../args/cpu-list.ts'
import { aboutDevice, BusyError, RefusedError, type TphctlError } from '../errors.ts'
import { DeviceMemory } from './device-memory.ts'
import { guardDevice } from './guard.ts'
import { findTphFunction, type Host, withLockedDevice } from './host.ts'
import { isCurrent, readTags } from './known.ts'
import { LedgerStore } from './ledger.ts'
import type { Ledger, UndoRecord } from './ledger-format.ts'
import { traceRun } from './program.ts'
import { planPutBack } from './put-back.ts'
import { type EntryInfo, emptyResult, type SetResult } from './results.ts'
import { mergeRuns, splitRuns } from './runs.ts'
import { sendRuns } from './send-runs.ts'
import { knownAfter } from './settle.ts'
import type { TphDevice } from './tph-device.ts'
import { type DevicePlan, indexOf } from './transaction.ts'

/** What undoing came to for one device. */
export interface Undone {
  readonly result: SetResult
  readonly error: TphctlError | null
}

/**
 * Puts back what the last change of this boot did to a device.
 *
 * @throws BusyError when the device has another owner by now; what `guard` and the ledger throw. Nothing was sent then
 */
export function undoDevice(host: Host, bdf: Bdf, dryRun: boolean): Undone {
  const found = findTphFunction(host, bdf)
  const undo = undoRecord(host, bdf)
  if (undo === null) {
    host.notices.note(`${bdf}: nothing to undo in this boot`)
    return { result: emptyResult(bdf), error: null }
  }
  const plan = { ...found, runs: mergeRuns(planPutBack(undo.before).assignments) }
  if (dryRun) {
    for (const run of plan.runs) traceRun(host, run)
    return { result: { ...emptyResult(bdf), planned: plan.runs }, error: null }
  }
  return withLockedDevice(host, plan.fn, (device) => {
    guardDevice(host, plan, device, ['get', 'set'])
    return putBackAll(host, device, plan)
  })
}

/** The record to undo. @throws BusyError when the tags it speaks of went with their owner */
function undoRecord(host: Host, bdf: Bdf): UndoRecord | null {
  const ledger = new LedgerStore(host.backend.ledger).read(bdf)
  if (ledger === null || ledger.undo === null || ledger.bootId !== host.backend.bootId) return null
  const { fn } = findTphFunction(host, bdf)
  const owner = host.backend.requireOwner(fn.bdf)
  if (!isCurrent(ledger, host.backend, owner)) throw ownerChanged(bdf, ledger, owner.pid)
  return ledger.undo
}

function ownerChanged(device: Bdf, { owner }: Ledger, now: number): BusyError {
  const message = `Cannot undo: the tags went with their owner (pid ${owner.pid}), pid ${now} owns the device now`
  return new BusyError(message, { device, hint: '"tphctl get" shows the present tags' })
}

/** With the lock held, so the record is read again: it is what undo goes by. */
function putBackAll(host: Host, device: TphDevice, plan: DevicePlan): Undone {
  const memory = new DeviceMemory(host.backend, plan.fn, host.backend.requireOwner(plan.fn.bdf))
  const undo = memory.found?.undo
  if (!undo) return { result: emptyResult(plan.fn.bdf), error: null }
  const indexes = undo.before.map(indexOf)
  const tags = readTags(device, indexes)
  warnAboutOthers(host, plan.fn.bdf, undo, tags)
  const { assignments, impossible } = planPutBack(undo.before)
  const { applied, failed, skipped, error } = sendRuns(device, mergeRuns(assignments))
  const now = readTags(device, indexes)
  const restored = splitRuns(applied)
  const done = new Set(restored.map(indexOf))
  const left = undo.before.filter(({ index, st }, i) => !done.has(index) && now[i] !== st)
  const untouched = indexes.flatMap((index, i) => {
    const entry = memory.known.get(index)
    return entry === undefined || done.has(index) || entry.st !== now[i] ? [] : [entry]
  })
  const known = [...knownAfter(restored, undo.before, now), ...untouched]
  memory.finish(undo.before, known, remaining(undo, left))
  const result: SetResult = {
    ...emptyResult(plan.fn.bdf),
    changed: tags.some((st, i) => st !== now[i]),
    restored: applied,
    failed,
    skipped,
  }
  const failure = error === null ? null : aboutDevice(plan.fn.bdf, error)
  return { result, error: failure ?? cannotPutBack(plan.fn.bdf, impossible, left) }
}

function warnAboutOthers(
  { notices }: Host,
  bdf: Bdf,
  { before, after, command }: UndoRecord,
  tags: readonly number[],
): void {
  if (after === null) return
  const other = before.filter((_, i) => after[i] !== tags[i]).map(indexOf)
  if (other.length === 0) return
  notices.warn(
    `${bdf}: entries ${formatNumberList(other)} were changed by somebody else after the ${command}`,
  )
}

function remaining(undo: UndoRecord, left: readonly EntryInfo[]): UndoRecord | null {
  return left.length === 0 ? null : { ...undo, before: left, after: null }
}

function cannotPutBack(
  device: Bdf,
  impossible: readonly EntryInfo[],
  left: readonly EntryInfo[],
): RefusedError | null {
  const indexes = impossible.map(indexOf).filter((one) => left.some(({ index }) => index === one))
  if (indexes.length === 0) return null
  const message = `Cannot put back entries ${formatNumberList(indexes)}: the CPUs behind their former tags are not known`
  return new RefusedError(message, { device, hint: 'set them to the CPUs you want' })
}
