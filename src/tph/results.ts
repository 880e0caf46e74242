import type { InterfaceName } from '../abi/interface-names.ts'
import type { MemoryType } from '../args/entry.ts'
import type { Completer } from '../pci/express.ts'
import type { RequesterType, StLocation, StMode } from '../pci/tph-capability.ts'

/*
 * What commands answer: the stable output contract of design.md 2, field for field as json has it. Fields may be added,
 * never changed or taken away.
 */

/** Why a function's TPH capability is not known, or known not to be there. */
export type TphReason = 'absent' | 'not-readable' | 'not-in-dump'

/** The process that holds a device open. */
export interface OwnerInfo {
  readonly pid: number
  readonly command: string
  readonly fd: number
}

/** A TPH Requester capability. */
export interface TphInfo {
  /** Offset in config space. */
  readonly offset: number
  readonly modes: readonly StMode[]
  readonly extended: boolean
  readonly stLocation: StLocation
  /** 0 where there is no table. */
  readonly stEntries: number
}

/** One PCI function. */
export interface DeviceInfo {
  readonly device: string
  readonly vendorId: string
  readonly deviceId: string
  readonly driver: string | null
  readonly numaNode: number | null
  readonly iommuGroup: number | null
  readonly tph: TphInfo | null
  readonly owner: OwnerInfo | null
  readonly ownerVisible: boolean
}

/** Answer of `list`. */
export interface ListResult {
  readonly devices: readonly DeviceInfo[]
  /** Functions of which too little could be seen to say whether they have the capability. */
  readonly undecided: readonly { readonly device: string; readonly tphReason: TphReason }[]
}

/** The TPH control register, decoded. */
export interface ControlInfo {
  readonly mode: StMode | 'reserved'
  readonly requester: RequesterType | 'reserved'
}

/** The kernel's interface for steering tags, as it answered. */
export interface FeatureInfo {
  readonly supported: boolean
  readonly get: boolean
  readonly set: boolean
  /** The feature index under which TPH_ST was looked for. */
  readonly index: number
  /** The kernel interface that is there; null when none is. */
  readonly abi: InterfaceName | null
}

/** Answer of `info`. */
export interface InfoResult extends DeviceInfo {
  readonly tphReason: TphReason | null
  readonly control: ControlInfo | null
  readonly completer: Completer | null
  readonly localCpus: string
  readonly feature: FeatureInfo | null
  /** Oddities of the capability, a sentence each. */
  readonly notes: readonly string[]
}

/** Answer of `probe`. */
export interface ProbeResult {
  readonly device: string
  readonly supported: boolean
  readonly get: boolean
  readonly set: boolean
  /** The feature index under which TPH_ST was looked for. */
  readonly featureIndex: number
  readonly reason: string | null
  /** The kernel interface that is there; null when none is. */
  readonly abi: InterfaceName | null
  /** By what it was recognised, and why not as one that was looked for before it; null when none is there. */
  readonly how: string | null
}

/** One ST entry. */
export interface EntryInfo {
  readonly index: number
  readonly st: number
  /** Null when it is not known which CPU the tag stands for. */
  readonly cpu: number | null
  readonly memoryType: MemoryType | null
}

/** Answer of `get`. */
export interface GetResult {
  readonly device: string
  readonly entries: readonly EntryInfo[]
  /**
   * Only where the kernel does not keep tags: whether they are those of the device's own table, or, where that cannot be read, those
   * that it had when tphctl set them.
   */
  readonly source?: 'device' | 'ledger'
}

/** Consecutive entries of one memory type: what one SET programs. */
export interface RunInfo {
  readonly index: number
  readonly count: number
  readonly memoryType: MemoryType
  /** One CPU an entry; null where the entry is cleared, and in `failed` of undo where its former CPU is not known. */
  readonly cpus: readonly (number | null)[]
}

/** A run that was not done, and why. */
export interface FailedRun extends RunInfo {
  /** The kernel's name; null when no call failed but what was read back differs. */
  readonly errno: string | null
  readonly message: string
}

/** Answer of `set`, `clear` and `undo` for one device. */
export interface SetResult {
  readonly device: string
  /** Whether any tag of the device, or its mode, is another one than before. */
  readonly changed: boolean
  readonly applied: readonly RunInfo[]
  readonly restored: readonly RunInfo[]
  readonly failed: readonly FailedRun[]
  readonly skipped: readonly RunInfo[]
  /** Only under `--dry-run`: what would be sent. */
  readonly planned?: readonly RunInfo[]
  /** Only of `apply` and its `undo`, and where the control register was to change. */
  readonly control?: ModeChange
}

/** What became of a device's TPH control register. */
export interface ModeChange {
  readonly wanted: StMode | 'off'
  readonly fate: 'applied' | 'restored' | 'failed' | 'skipped' | 'planned'
  readonly before: ControlInfo
  /** As it is now. */
  readonly control: ControlInfo
  /** Why it failed. */
  readonly message: string | null
}

/** The result for a device to which nothing was done. */
export function emptyResult(device: string): SetResult {
  return { device, changed: false, applied: [], restored: [], failed: [], skipped: [] }
}

/** Answer of the same commands for several devices. */
export interface SetResults {
  readonly devices: readonly SetResult[]
}

/** Answer of `enable` and `disable`. */
export interface ControlResult {
  readonly device: string
  readonly changed: boolean
  readonly before: ControlInfo
  readonly control: ControlInfo
  /** Only under `--dry-run`: the values that would be written to the register. */
  readonly planned?: readonly number[]
  /** Only under `--dry-run`: the operations that would be called instead, as in `ENABLE iv`. */
  readonly plannedCalls?: readonly string[]
}

export type { DifferingEntry, VerifyResult } from './verify-results.ts'

/** Answer of `tag`. */
export interface TagResult {
  readonly device: string
  readonly tags: readonly {
    readonly cpu: number
    readonly st: number
    readonly memoryType: MemoryType
  }[]
  /** Only under `--dry-run`: what would be sent. */
  readonly planned?: readonly RunInfo[]
}
