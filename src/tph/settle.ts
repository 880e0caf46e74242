import type { Assignment } from '../topology/assignments.ts'
import { EntryTable } from './entry-table.ts'
import type { SetCall } from './interfaces/types.ts'
import type { UndoRecord } from './ledger-format.ts'
import { confirm, notPutBack, planPutBack, tagsOrNull } from './put-back.ts'
import { remember, undoOf } from './record.ts'
import type { EntryInfo, FailedRun, RunInfo, SetResult } from './results.ts'
import { indexOf, mergeRuns, splitRuns } from './runs.ts'
import { sendCall } from './send-runs.ts'
import type { TphDevice } from './tph-device.ts'
import type { Transaction } from './transaction.ts'

/** What has happened to the entries of a transaction until it failed. */
export interface Progress {
  readonly applied: readonly RunInfo[]
  readonly failed: readonly FailedRun[]
  readonly skipped: readonly RunInfo[]
}

/**
 * Puts entries back to how they were, as far as that is known, says of every entry what became of it, and leaves a ledger that
 * agrees. What could not be put back is told as notes.
 *
 * @param former the entries to put back
 */
export function rollBack(
  device: TphDevice,
  transaction: Transaction,
  progress: Progress,
  former: readonly EntryInfo[],
): SetResult {
  const { plan, before, notices } = transaction
  const { assignments, impossible } = planPutBack(former)
  const { accepted, refused } = sendAll(device, inTwo(assignments, indexSet(progress.failed)))
  const tags = tagsOrNull(device, before)
  const { restored, failed } = confirm(accepted, before, tags)
  const isBack = new Set(before.filter(({ st }, i) => tags?.[i] === st).map(indexOf))
  const isDifferent = ({ index }: { readonly index: number }) => !isBack.has(index)
  const stillRefused = refused.flatMap((run) =>
    mergeRuns(splitRuns([run]).filter(isDifferent)).map((part) => ({ ...run, ...part })),
  )
  for (const text of notPutBack([...stillRefused, ...failed], impossible.filter(isDifferent)))
    notices.note(`${plan.fn.bdf}: ${text}`)
  return settle(transaction, progress, restored, tags)
}

/** Runs of entries that failed apart from the others: they may refuse this SET too, which must not keep those from being put back. */
function inTwo(assignments: readonly Assignment[], isFailed: ReadonlySet<number>): RunInfo[][] {
  return [
    mergeRuns(assignments.filter(({ index }) => !isFailed.has(index))),
    mergeRuns(assignments.filter(({ index }) => isFailed.has(index))),
  ]
}

interface SentAll {
  readonly accepted: readonly RunInfo[]
  readonly refused: readonly FailedRun[]
}

function sendAll(device: TphDevice, parts: readonly (readonly RunInfo[])[]): SentAll {
  const calls = parts.flatMap((runs) => device.kernel.setCalls(runs))
  const sent = calls.map((call) => sendOrSplit(device, call))
  return {
    accepted: sent.flatMap(({ accepted }) => accepted),
    refused: sent.flatMap(({ refused }) => refused),
  }
}

/** Where a call that is refused leaves none of its entries as they were, each is sent by itself. */
function sendOrSplit(device: TphDevice, call: SetCall): SentAll {
  const failure = sendCall(device, call)
  if (failure === null) return { accepted: call.runs, refused: [] }
  const entries = splitRuns(call.runs)
  if (device.kernel.keeper === 'kernel' || entries.length === 1) {
    return { accepted: [], refused: failure.runs }
  }
  return sendAll(
    device,
    entries.map((entry) => mergeRuns([entry])),
  )
}

function settle(
  transaction: Transaction,
  { applied, failed, skipped }: Progress,
  restored: readonly Assignment[],
  tags: readonly number[] | null,
): SetResult {
  const { plan, before } = transaction
  const isFailed = indexSet(failed)
  const isSkipped = indexSet(skipped)
  const isRestored = new Set(restored.map(indexOf))
  const stillApplied = splitRuns(applied).filter(
    ({ index }) => !isRestored.has(index) && !isFailed.has(index),
  )
  const changed = before.filter(({ index, st }, i) =>
    tags === null ? !isRestored.has(index) && !isSkipped.has(index) : tags[i] !== st,
  )
  const now = [...unchangedEntries(before, tags), ...knownAfter(stillApplied, before, tags)]
  const { memory } = transaction
  remember(
    { plan, memory, before: EntryTable.of(before), notices: transaction.notices },
    EntryTable.of(now),
    undoAfter(transaction, changed),
  )
  return {
    device: plan.fn.bdf,
    changed: changed.length > 0,
    applied: mergeRuns(stillApplied),
    restored: mergeRuns(restored.filter(({ index }) => !isFailed.has(index))),
    failed,
    skipped,
  }
}

/**
 * What is known of entries that were set: their CPUs, with the tags that GET gives now.
 *
 * @param set in index order, all of them among `entries`
 * @param entries the entries that `tags` belong to, in index order
 */
export function knownAfter(
  set: readonly Assignment[],
  entries: readonly { readonly index: number }[],
  tags: readonly number[] | null,
): EntryInfo[] {
  if (tags === null) return []
  const known: EntryInfo[] = []
  let at = 0
  for (const { index, cpu, memoryType } of set) {
    while (at < entries.length && (entries[at]?.index ?? 0) < index) at++
    if (cpu !== null && entries[at]?.index === index)
      known.push({ index, st: tags[at] ?? 0, cpu, memoryType })
  }
  return known
}

function unchangedEntries(
  before: readonly EntryInfo[],
  tags: readonly number[] | null,
): EntryInfo[] {
  return before.filter(({ st, cpu }, i) => cpu !== null && tags?.[i] === st)
}

/** Undo is about what is still different; if nothing is, about the change before this one. */
function undoAfter(
  { name, plan, wanted, memory }: Transaction,
  changed: readonly EntryInfo[],
): UndoRecord | null {
  if (changed.length === 0) return memory.found?.undo ?? null
  const isChanged = new Set(changed.map(indexOf))
  const intended = mergeRuns(wanted.filter(({ index }) => isChanged.has(index)))
  return undoOf(name, plan, { before: EntryTable.of(changed), intended, after: null })
}

function indexSet(runs: readonly RunInfo[]): ReadonlySet<number> {
  return new Set(splitRuns(runs).map(indexOf))
}
