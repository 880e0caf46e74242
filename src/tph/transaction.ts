import { TphctlError } from '../errors.ts'
import type { Notices } from '../notices.ts'
import type { Assignment } from '../topology/assign.ts'
import { type ChangeName, DeviceMemory } from './device-memory.ts'
import { guardDevice } from './guard.ts'
import type { Host, TphFunction } from './host.ts'
import type { TphInterface } from './interfaces/types.ts'
import { readEntries } from './known.ts'
import type { KnownEntry, UndoRecord } from './ledger-format.ts'
import type { ControlInfo, EntryInfo, RunInfo } from './results.ts'
import { indexOf, splitRuns } from './runs.ts'
import type { TphDevice } from './tph-device.ts'

/** The SETs that one command means for one device. */
export interface DevicePlan extends TphFunction {
  /** May be made anew each time that it is asked for. */
  readonly runs: readonly RunInfo[]
  /** The TPH control register before the command; only where the command changes that too. */
  readonly control?: ControlInfo
}

/** One command's change of one device, from the snapshot on. */
export interface Transaction {
  readonly plan: DevicePlan
  readonly name: ChangeName
  readonly memory: DeviceMemory
  /** What is to become of the entries, in index order. */
  readonly wanted: readonly Assignment[]
  /** The same entries as they were. */
  readonly before: readonly EntryInfo[]
  readonly notices: Notices
  /** What the device is spoken to through. */
  readonly kernel: TphInterface
}

/**
 * Makes sure that the device can be set, takes the snapshot and writes it into the ledger. Nothing is changed yet.
 *
 * @throws TphctlError when any of that fails
 */
export function begin(
  host: Host,
  device: TphDevice,
  plan: DevicePlan,
  name: ChangeName,
): Transaction {
  guardDevice(host, plan, device, 'set')
  const memory = new DeviceMemory(host, plan.fn)
  const wanted = splitRuns(plan.runs).sort((a, b) => a.index - b.index)
  const before = readEntries(device, wanted.map(indexOf), memory.known)
  memory.begin(undoOf(name, plan, { before, intended: wanted, after: null }))
  return { plan, name, memory, wanted, before, notices: host.notices, kernel: device.kernel }
}

/** What it takes to undo a command on one device. */
export function undoOf(
  name: ChangeName,
  { control }: DevicePlan,
  entries: Pick<UndoRecord, 'before' | 'intended' | 'after'>,
): UndoRecord {
  return { ...name, ...entries, ...(control === undefined ? {} : { control }) }
}

/** Closes the ledger's record of a transaction. The device is as it is by now: a failure costs only what would be known of it. */
export function remember(
  { plan, memory, before, notices }: Pick<Transaction, 'plan' | 'memory' | 'before' | 'notices'>,
  now: readonly KnownEntry[],
  undo: UndoRecord | null,
): void {
  try {
    memory.finish(before, now, undo)
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    notices.note(`${plan.fn.bdf}: the CPUs behind its tags are not remembered: ${error.message}`)
  }
}
