import type { MemoryType } from '../args/entry.ts'
import type { WantedMode } from '../tph/change-mode.ts'
import type { ControlInfo, EntryInfo, SetResult } from '../tph/results.ts'

/*
 * What `apply` and `export` answer, as src/tph/results.ts has it of the other commands: fields may be added, never changed or taken
 * away.
 */

/** Answer of `apply`. */
export interface ApplyResult {
  /** Whether anything is another than before. */
  readonly changed: boolean
  readonly devices: readonly SetResult[]
}

/** An entry that is not what is wanted. */
export interface EntryDifference {
  readonly index: number
  readonly present: Omit<EntryInfo, 'index'>
  /** Null clears. */
  readonly desired: { readonly cpu: number | null; readonly memoryType: MemoryType }
}

/** How a device is, against how it is wanted. */
export interface DeviceDifference {
  readonly device: string
  readonly different: boolean
  readonly entries: readonly EntryDifference[]
  /** Null when the control register is as wanted, or nothing is wanted of it. */
  readonly mode: { readonly present: ControlInfo; readonly desired: WantedMode } | null
}

/** Answer of `apply --diff`. */
export interface DifferenceResult {
  readonly devices: readonly DeviceDifference[]
}

/** One device in the form that `apply` reads. */
export interface ExportedDevice {
  readonly device: string
  readonly vendor: string
  readonly deviceId: string
  /** Not there where the control register is neither off nor in a mode that can be asked for. */
  readonly mode?: WantedMode
  /** ENTRYs. */
  readonly entries: readonly string[]
}

/** Answer of `export`: desired state. */
export interface ExportResult {
  readonly version: 1
  readonly devices: readonly ExportedDevice[]
}

/** What `export --prometheus` tells of one device; null where it is not known. */
export interface DeviceMetrics {
  readonly device: string
  readonly vendorId: string
  readonly deviceId: string
  readonly ownerPresent: boolean | null
  /** Whether all was found out that an owner's fd tells; true where there is no owner to ask. */
  readonly scraped: boolean
  readonly control: ControlInfo | null
  readonly stEntries: number
  readonly entries: {
    /** With a tag whose CPU is known. */
    readonly known: number
    /** With a tag whose CPU is not known. */
    readonly unknown: number
    readonly clear: number
    readonly distinctTags: number
  } | null
  /** As `verify` has it. */
  readonly drift: { readonly different: number; readonly waiting: number } | null
}

/** Answer of `export --prometheus`. */
export interface MetricsResult {
  readonly devices: readonly DeviceMetrics[]
}
