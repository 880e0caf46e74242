import { TphctlError } from '../errors.ts'
import type { Assignment } from '../topology/assign.ts'
import { readTags } from './known.ts'
import type { KnownEntry, UndoRecord } from './ledger-format.ts'
import { planPutBack } from './put-back.ts'
import type { EntryInfo, FailedRun, RunInfo, SetResult } from './results.ts'
import { mergeRuns, splitRuns } from './runs.ts'
import type { TphDevice } from './tph-device.ts'
import { indexOf, remember, type Transaction } from './transaction.ts'

/** What has happened to the entries of a transaction until it failed. */
export interface Progress {
  readonly applied: readonly RunInfo[]
  readonly failed: readonly FailedRun[]
  readonly skipped: readonly RunInfo[]
}

/**
 * Puts entries back to how they were, as far as that is known, and settles.
 *
 * @param former the entries to put back
 */
export function rollBack(
  device: TphDevice,
  transaction: Transaction,
  progress: Progress,
  former: readonly EntryInfo[],
): SetResult {
  const isFailed = indexSet(progress.failed)
  const { assignments } = planPutBack(former)
  // Entries that failed may refuse this SET too, which must not keep the others from being put back.
  const runs = [
    ...mergeRuns(assignments.filter(({ index }) => !isFailed.has(index))),
    ...mergeRuns(assignments.filter(({ index }) => isFailed.has(index))),
  ]
  const restored = runs.filter((run) => device.trySet(run) === 0)
  return settle(device, transaction, progress, restored)
}

/** Says of every entry what became of it, and leaves a ledger that agrees. */
export function settle(
  device: TphDevice,
  transaction: Transaction,
  { applied, failed, skipped }: Progress,
  restored: readonly RunInfo[],
): SetResult {
  const { plan, before } = transaction
  const isFailed = indexSet(failed)
  const isRestored = indexSet(restored)
  const stillApplied = splitRuns(applied).filter(
    ({ index }) => !isRestored.has(index) && !isFailed.has(index),
  )
  const tags = tagsOrNull(device, transaction)
  const isSkipped = indexSet(skipped)
  const changed = before.filter(({ index, st }, i) =>
    tags === null ? !isRestored.has(index) && !isSkipped.has(index) : tags[i] !== st,
  )
  const now = [...unchangedEntries(before, tags), ...knownAfter(stillApplied, before, tags)]
  remember(transaction, now, undoOf(transaction, changed))
  return {
    device: plan.fn.bdf,
    changed: changed.length > 0,
    applied: mergeRuns(stillApplied),
    restored: mergeRuns(splitRuns(restored).filter(({ index }) => !isFailed.has(index))),
    failed,
    skipped,
  }
}

/**
 * What is known of entries that were set: their CPUs, with the tags that GET gives now.
 *
 * @param entries the entries that `tags` belong to, in order
 */
export function knownAfter(
  set: readonly Assignment[],
  entries: readonly { readonly index: number }[],
  tags: readonly number[] | null,
): KnownEntry[] {
  if (tags === null) return []
  const tagOf = new Map(entries.map(({ index }, i) => [index, tags[i] ?? 0]))
  return set.flatMap(({ index, cpu, memoryType }) =>
    cpu === null ? [] : [{ index, st: tagOf.get(index) ?? 0, cpu, memoryType }],
  )
}

function unchangedEntries(
  before: readonly EntryInfo[],
  tags: readonly number[] | null,
): KnownEntry[] {
  return before.flatMap(({ index, st, cpu, memoryType }, i) =>
    cpu === null || memoryType === null || tags?.[i] !== st ? [] : [{ index, st, cpu, memoryType }],
  )
}

/** Undo is about what is still different; if nothing is, about the change before this one. */
function undoOf(
  { name, wanted, memory }: Transaction,
  changed: readonly EntryInfo[],
): UndoRecord | null {
  if (changed.length === 0) return memory.found?.undo ?? null
  const isChanged = indexSet(changed.map(({ index }) => ({ index, count: 1 })))
  const intended = wanted.filter(({ index }) => isChanged.has(index))
  return {
    ...name,
    before: changed,
    intended: intended.map(({ index, cpu }) => ({ index, cpu })),
    after: null,
  }
}

function tagsOrNull(device: TphDevice, { before }: Transaction): number[] | null {
  try {
    return readTags(device, before.map(indexOf))
  } catch (error) {
    if (error instanceof TphctlError) return null
    throw error
  }
}

function indexSet(
  runs: readonly { readonly index: number; readonly count: number }[],
): ReadonlySet<number> {
  return new Set(
    runs.flatMap(({ index, count }) => Array.from({ length: count }, (_, i) => index + i)),
  )
}
