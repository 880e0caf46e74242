import { TphctlError } from '../errors.ts'
import { type ChangeName, DeviceMemory } from './device-memory.ts'
import type { EntryTable } from './entry-table.ts'
import { guardDevice } from './guard.ts'
import type { Host } from './host.ts'
import { readTable } from './known.ts'
import type { UndoRecord } from './ledger-format.ts'
import { cpuColumn, indexesOf } from './packed-runs.ts'
import { PackedTransaction } from './packed-transaction.ts'
import type { RunInfo } from './results.ts'
import type { TphDevice } from './tph-device.ts'
import type { DevicePlan, Transaction } from './transaction.ts'

/**
 * Makes sure that the device can be set, takes the snapshot and writes it into the ledger. Nothing is changed yet.
 *
 * @param runs of the plan, in index order
 * @throws TphctlError when any of that fails
 */
export function begin(
  host: Host,
  device: TphDevice,
  plan: DevicePlan,
  runs: readonly RunInfo[],
  name: ChangeName,
): PackedTransaction {
  guardDevice(host, plan, device, 'set')
  const memory = new DeviceMemory(host, plan.fn)
  const before = readTable(device, indexesOf(runs), memory.known)
  memory.begin(undoOf(name, plan, { before, intended: runs, after: null }))
  const rest = { plan, name, memory, notices: host.notices, kernel: device.kernel }
  return new PackedTransaction(rest, before)
}

/** What a command means for entries, and what it finds. */
export interface EntryChange extends Pick<UndoRecord, 'before' | 'after'> {
  /** In index order. */
  readonly intended: readonly RunInfo[]
}

/** What it takes to undo a command on one device. */
export function undoOf(
  name: ChangeName,
  { control }: Pick<DevicePlan, 'control'>,
  { before, intended: runs, after }: EntryChange,
): UndoRecord {
  const intended = { indexes: indexesOf(runs), cpus: cpuColumn(runs) }
  return { ...name, before, intended, after, ...(control === undefined ? {} : { control }) }
}

interface Remembering extends Pick<Transaction, 'plan' | 'memory' | 'notices'> {
  readonly before: EntryTable
}

/** Closes the ledger's record of a transaction. The device is as it is by now: a failure costs only what would be known of it. */
export function remember(
  { plan, memory, before, notices }: Remembering,
  now: EntryTable,
  undo: UndoRecord | null,
): void {
  try {
    memory.finish(before, now, undo)
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    notices.note(`${plan.fn.bdf}: the CPUs behind its tags are not remembered: ${error.message}`)
  }
}
