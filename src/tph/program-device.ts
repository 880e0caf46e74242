import { TphctlError } from '../errors.ts'
import { type ChangeName, DeviceMemory } from './device-memory.ts'
import { type EntryTable, EntryTableBuilder } from './entry-table.ts'
import { type Host, withLockedDevice } from './host.ts'
import { readTags } from './known.ts'
import type { PackedTransaction } from './packed-transaction.ts'
import { begin, remember, undoOf } from './record.ts'
import type { RunInfo, SetResult } from './results.ts'
import { indexOf, inOrder, mergeRuns, splitRuns } from './runs.ts'
import { sendRuns } from './send-runs.ts'
import { rollBack } from './settle.ts'
import type { TphDevice } from './tph-device.ts'
import type { DevicePlan, Transaction } from './transaction.ts'
import { judge, type Verdict } from './verdict.ts'

/** What programming one device came to. */
export interface Programmed {
  readonly result: SetResult
  readonly warnings: readonly string[]
  /** Null when the change stands. */
  readonly error: TphctlError | null
  /** What takes the change back; null when it does not stand. */
  readonly done: Done | null
}

/** A change that stands, kept in case that a later device fails. */
export interface Done {
  readonly transaction: PackedTransaction
  /** The tags after it, in the order of its entries. */
  readonly after: Uint16Array
}

/**
 * Programs one device as design.md 4 has it: guard, snapshot into the ledger, one SET a run, GET back and compare. If
 * anything fails after the first SET, what was applied is put back where its former state is known.
 *
 * @throws TphctlError for what fails before the first SET; nothing was sent then
 */
export function programDevice(host: Host, plan: DevicePlan, name: ChangeName): Programmed {
  return withLockedDevice(host, plan.fn, (device) => {
    const runs = inOrder(plan.runs)
    const transaction = begin(host, device, plan, runs, name)
    const { applied, failed, skipped, error } = sendRuns(device, runs)
    const verdict: Verdict =
      error === null
        ? judge(device, plan, runs, host.strict)
        : { tags: null, failed, warnings: [], error }
    if (verdict.error === null) return commit(transaction, runs, verdict)
    tellSideEffect(host, device, plan)
    const skippedIndexes = new Set(splitRuns(skipped).map(indexOf))
    const unpacked = transaction.unpack()
    const touched = unpacked.before.filter(({ index }) => !skippedIndexes.has(index))
    const progress = { applied, failed: verdict.failed, skipped }
    const result = rollBack(device, unpacked, progress, touched)
    return { result, warnings: [], error: verdict.error, done: null }
  })
}

/** What a failure did beside it does not keep entries from being put back as far as that goes. */
function tellSideEffect({ notices }: Host, device: TphDevice, plan: DevicePlan): void {
  try {
    const effect = device.kernel.afterFailedSet(device, plan)
    if (effect !== null) notices.note(`${plan.fn.bdf}: ${effect}`)
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
  }
}

/**
 * Puts back a device that the same command programmed before another device failed. Entries that somebody else changed
 * meanwhile are left alone.
 */
export function takeBack(host: Host, { transaction: packed, after }: Done): SetResult {
  const transaction = packed.unpack()
  const { plan, wanted, before } = transaction
  return withLockedDevice(host, plan.fn, (device) => {
    device.speak(transaction.kernel, plan)
    const tags = readTags(device, before.map(indexOf))
    const isOurs = (_: unknown, i: number) => tags[i] === after[i]
    const ours = wanted.filter(isOurs)
    const part = {
      ...transaction,
      memory: memoryNow(host, transaction),
      wanted: ours,
      before: before.filter(isOurs),
    }
    const progress = { applied: mergeRuns(ours), failed: [], skipped: [] }
    const result = rollBack(device, part, progress, part.before)
    const theirs = wanted.filter((one) => !ours.includes(one))
    const applied = [...splitRuns(result.applied), ...theirs].sort((a, b) => a.index - b.index)
    return {
      ...result,
      changed: result.changed || before.some(({ st }, i) => !isOurs(null, i) && tags[i] !== st),
      applied: mergeRuns(applied),
    }
  })
}

/** The ledger as the transaction found it, or as somebody else has left it since. */
function memoryNow(host: Host, { plan, name, memory }: Transaction): DeviceMemory {
  const now = new DeviceMemory(host, plan.fn)
  return now.found?.undo?.change === name.change ? memory : now
}

function commit(
  transaction: PackedTransaction,
  runs: readonly RunInfo[],
  { tags, warnings }: Verdict,
): Programmed {
  const { plan, name, before, memory, notices } = transaction
  const after = new Uint16Array(tags ?? [])
  const isChanged = before.tags.some((st, i) => st !== after[i])
  const result = allApplied(plan, isChanged)
  const undo = undoOf(name, plan, { before, intended: runs, after })
  // What changed nothing leaves the undo of what did.
  const kept = result.changed ? undo : (memory.found?.undo ?? null)
  remember({ plan, memory, before, notices }, knownRuns(runs, after), kept)
  return { result, warnings, error: null, done: { transaction, after } }
}

/** What is known of runs that were all set. @param tags those that GET gives for their entries, in that order */
function knownRuns(runs: readonly RunInfo[], tags: Uint16Array): EntryTable {
  const table = new EntryTableBuilder(tags.length)
  let at = 0
  for (const { index, memoryType, cpus } of runs) {
    for (let i = 0; i < cpus.length; i++, at++) {
      const cpu = cpus[i] ?? null
      if (cpu !== null) table.add(index + i, tags[at] ?? 0, cpu, memoryType)
    }
  }
  return table.finish()
}

const NONE: readonly [] = []

/** The runs are not kept, but made when they are asked for: of a million entries only those that are shown. */
function allApplied(plan: DevicePlan, changed: boolean): SetResult {
  return {
    device: plan.fn.bdf,
    changed,
    get applied() {
      return plan.runs
    },
    restored: NONE,
    failed: NONE,
    skipped: NONE,
  }
}
