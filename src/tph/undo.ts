import type { Bdf } from '../args/bdf.ts'
import { formatNumberList } from '../args/cpu-list.ts'
import { aboutDevice, BusyError, TphctlError } from '../errors.ts'
import { formerMode, isModeFirst, isOtherControl } from './change-mode.ts'
import { DeviceMemory } from './device-memory.ts'
import { EntryTable } from './entry-table.ts'
import { guardDevice } from './guard.ts'
import { findTphFunction, type Host, withDevice, withLockedDevice } from './host.ts'
import { isCurrent, readTags } from './known.ts'
import { LedgerStore } from './ledger.ts'
import type { Ledger, UndoRecord } from './ledger-format.ts'
import { cannotPutBack, lostRuns, notBack, partsOf } from './not-back.ts'
import { traceRuns } from './program.ts'
import { confirm, planPutBack, tryReadTags } from './put-back.ts'
import { remember } from './record.ts'
import { type ControlInfo, type EntryInfo, emptyResult, type SetResult } from './results.ts'
import { indexOf, mergeRuns, splitRuns } from './runs.ts'
import { sendRuns } from './send-runs.ts'
import { knownAfter } from './settle.ts'
import type { TphDevice } from './tph-device.ts'
import type { DevicePlan } from './transaction.ts'
import { forgetControl, putBackControl, skippedControl } from './undo-control.ts'

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
  const plan = { ...found, runs: mergeRuns(planPutBack([...undo.before]).assignments) }
  if (dryRun) {
    traceRuns(host, plan)
    const result = { ...emptyResult(bdf), planned: plan.runs }
    if (undo.control === undefined) return { result, error: null }
    const { change } = putBackControl(host, plan.fn, undo.control, true)
    return { result: { ...result, control: change }, error: null }
  }
  return undo.control === undefined
    ? putBackEntries(host, plan)
    : putBackBoth(host, plan, undo.control)
}

function putBackEntries(host: Host, plan: DevicePlan): Undone {
  return withLockedDevice(host, plan.fn, (device) => {
    guardDevice(host, plan, device, 'set')
    return putBackAll(host, device, plan)
  })
}

/** In the order that the interface needs: see `isModeFirst`. */
function putBackBoth(host: Host, plan: DevicePlan, control: ControlInfo): Undone {
  const kernel = withDevice(host, plan.fn, (device) => {
    guardDevice(host, plan, device, 'control')
    return device.kernel
  })
  const isControlFirst = isModeFirst(kernel, formerMode(control))
  const first = isControlFirst ? putBackControl(host, plan.fn, control, false) : null
  if (first !== null && first.error !== null) {
    const result = { ...emptyResult(plan.fn.bdf), skipped: plan.runs, control: first.change }
    return { result, error: first.error }
  }
  const { result, error } = attemptEntries(host, plan)
  if (first === null && error !== null) {
    return { result: { ...result, ...skippedControl(host, plan.fn.bdf, control) }, error }
  }
  const done = first ?? putBackControl(host, plan.fn, control, false)
  if (done.error === null) forgetControl(host, plan.fn)
  const changed = result.changed || isOtherControl(done.change)
  return { result: { ...result, changed, control: done.change }, error: error ?? done.error }
}

/** Once the register was put back there is something to account for, whatever keeps the entries from being put back. */
function attemptEntries(host: Host, plan: DevicePlan): Undone {
  try {
    return putBackEntries(host, plan)
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    const { bdf } = plan.fn
    return {
      result: { ...emptyResult(bdf), skipped: plan.runs },
      error: aboutDevice(bdf, error),
    }
  }
}

/** The account of a device that undo could not even begin with. */
export function notBegun(host: Host, bdf: Bdf, { before, control }: UndoRecord): SetResult {
  const skipped = mergeRuns(planPutBack([...before]).assignments)
  const result = { ...emptyResult(bdf), skipped }
  return control === undefined ? result : { ...result, ...skippedControl(host, bdf, control) }
}

/** The record to undo. @throws BusyError when the tags it speaks of went with their owner */
function undoRecord({ backend, notices }: Host, bdf: Bdf): UndoRecord | null {
  const ledger = new LedgerStore(backend.ledger, notices).readStrictly(bdf)
  if (ledger === null || ledger.undo === null || ledger.bootId !== backend.bootId) return null
  const owner = backend.requireOwner(bdf)
  if (!isCurrent(ledger, backend, owner)) throw ownerChanged(bdf, ledger, owner.pid)
  return ledger.undo
}

function ownerChanged(device: Bdf, { owner }: Ledger, now: number): BusyError {
  const message = `Cannot undo: the tags went with their owner (pid ${owner.pid}), pid ${now} owns the device now`
  return new BusyError(message, { device, hint: '"tphctl get" shows the present tags' })
}

/** With the lock held, so the record is read again: it is what undo goes by. */
function putBackAll(host: Host, device: TphDevice, plan: DevicePlan): Undone {
  const { bdf } = plan.fn
  const memory = new DeviceMemory(host, plan.fn)
  const undo = memory.found?.undo
  if (!undo) return { result: emptyResult(bdf), error: null }
  const before = [...undo.before]
  const tags = readTags(device, before.map(indexOf))
  warnAboutOthers(host, bdf, undo, tags)
  const { assignments, impossible } = planPutBack(before)
  const sent = sendRuns(device, mergeRuns(assignments))
  const now = tryReadTags(device, before)
  const seen = Array.isArray(now) ? now : null
  const confirmed = confirm(sent.applied, before, seen)
  const left = before.filter(({ st }, i) => seen === null || seen[i] !== st)
  const stillFailed = sent.failed.flatMap((run) => partsOf(run, left))
  const back = splitRuns(sent.failed).filter(
    ({ index }) => !left.some((one) => one.index === index),
  )
  const restored = [...confirmed.restored, ...back].sort((a, b) => a.index - b.index)
  const { failed } = confirmed
  const lost = impossible.filter(({ index }) => left.some((one) => one.index === index))
  const known = [
    ...knownAfter(restored, before, seen),
    ...untouched(memory, before, restored, seen),
  ]
  remember(
    { plan, memory, before: undo.before, notices: host.notices },
    EntryTable.of(known),
    remaining(undo, left),
  )
  const result: SetResult = {
    device: bdf,
    changed: seen === null ? restored.length > 0 : tags.some((st, i) => st !== seen[i]),
    applied: [],
    restored: mergeRuns(restored),
    failed: [...stillFailed, ...failed, ...lostRuns(lost)],
    skipped: sent.skipped,
  }
  const readError = Array.isArray(now) ? null : now
  const error = sent.error ?? readError ?? notBack(failed) ?? cannotPutBack(lost)
  return { result, error: error === null ? null : aboutDevice(bdf, error) }
}

/** Entries that undo did not reach keep their CPUs where their tags are still the same. */
function untouched(
  memory: DeviceMemory,
  before: readonly EntryInfo[],
  restored: readonly { readonly index: number }[],
  tags: readonly number[] | null,
): EntryInfo[] {
  const isRestored = new Set(restored.map(indexOf))
  return before.flatMap(({ index }, i) => {
    const entry = memory.known.get(index)
    return entry === undefined || isRestored.has(index) || entry.st !== tags?.[i] ? [] : [entry]
  })
}

function warnAboutOthers(
  { notices }: Host,
  bdf: Bdf,
  { before, after, command }: UndoRecord,
  tags: readonly number[],
): void {
  if (after === null) return
  const other = [...before.indexes].filter((_, i) => after[i] !== tags[i])
  if (other.length === 0) return
  notices.warn(
    `${bdf}: entries ${formatNumberList(other)} were changed by somebody else after the ${command}`,
  )
}

function remaining(undo: UndoRecord, left: readonly EntryInfo[]): UndoRecord | null {
  const isDone = left.length === 0 && undo.control === undefined
  return isDone ? null : { ...undo, before: EntryTable.of(left), after: null }
}
