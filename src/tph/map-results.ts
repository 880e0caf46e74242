import type { Distance } from '../topology/layout.ts'
import type { ControlInfo, OwnerInfo, TphInfo } from './results.ts'

/** A CPU and the entries that steer to it, as CPU lists of indexes. */
export interface MapCpu {
  readonly cpu: number
  readonly online: boolean
  readonly entries: string
  /** Those of them that are for persistent memory. */
  readonly persistent: string
}

/** The CPUs of a node that share a level 3 cache. */
export interface MapL3 {
  /** Null where no such cache is known. */
  readonly l3: number | null
  readonly cpus: readonly MapCpu[]
}

/** A NUMA node. */
export interface MapNode {
  /** Null for CPUs of which no node is known, such as those that are offline. */
  readonly node: number | null
  /** From the device; null where it is not known. */
  readonly distance: Distance | null
  readonly isLocal: boolean | null
  readonly l3: readonly MapL3[]
}

/** Which entries are set and where they lead, as CPU lists of indexes. */
export interface MapEntries {
  /** Those with a tag. */
  readonly set: string
  /** Those of the table with tag 0. */
  readonly noTag: string
  /** Those with a tag of which nobody knows the CPU. */
  readonly cpuUnknown: string
  /** Those that lead to CPUs neither on the device's node nor on its socket. */
  readonly far: string
  /** Those that lead to CPUs that are offline. */
  readonly offline: string
}

/** Answer of `map`. */
export interface MapResult {
  readonly device: string
  readonly numaNode: number | null
  readonly localCpus: string
  readonly tph: TphInfo | null
  readonly owner: OwnerInfo | null
  readonly ownerVisible: boolean
  readonly control: ControlInfo | null
  /** Null when they cannot be seen. */
  readonly entries: MapEntries | null
  /** Why `entries` is null. */
  readonly reason: string | null
  readonly nodes: readonly MapNode[]
}
