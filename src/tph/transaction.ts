import type { Notices } from '../notices.ts'
import type { Assignment } from '../topology/assignments.ts'
import type { ChangeName, DeviceMemory } from './device-memory.ts'
import type { TphFunction } from './host.ts'
import type { TphInterface } from './interfaces/types.ts'
import type { ControlInfo, EntryInfo, RunInfo } from './results.ts'

/** The SETs that one command means for one device. */
export interface DevicePlan extends TphFunction {
  /** May be made anew each time that it is asked for. */
  readonly runs: readonly RunInfo[]
  /** The TPH control register before the command; only where the command changes that too. */
  readonly control?: ControlInfo
}

/** One command's change of one device, entry by entry. */
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
