import type { Bdf } from '../args/bdf.ts'

/** A file of the host that was asked for. */
export interface Reading {
  readonly path: string
  /** Its text without the newline at its end; null when it could not be read. */
  readonly text: string | null
  /** Why not, such as `ENOENT` or `EACCES`; null when it could. */
  readonly errno: string | null
}

/** A folder of the host that was asked for; no names also where it is not there. */
export interface Listing {
  readonly path: string
  readonly names: readonly string[]
}

/** Whether this process may open a device node; `there` where only a copy of a host is looked at. */
export type NodeState = 'usable' | 'forbidden' | 'there' | 'missing'

/** A function of an IOMMU group whose driver keeps the group from its owner. */
export interface Blocker {
  readonly bdf: Bdf
  readonly driver: string
}

/** What a real host tells of itself without any device node being opened. */
export interface HostFacts {
  /** Whether this is a copy of a host, on which no call can be made. */
  readonly isCopy: boolean
  /** The same answer each time: what is judged of a host is judged by one look at it. */
  read(path: string): Reading
  list(path: string): Listing
  node(path: string): NodeState
  /** Where the kernel's configuration was looked for, in that order; nowhere behind the first place that has one. */
  kernelConfig(): readonly Reading[]
  /** The nodes through which a function can be opened, the better one first; none where it is on no VFIO driver. */
  nodesOf(fn: { readonly bdf: Bdf; readonly iommuGroup: number | null }): readonly string[]
  isOnVfioDriver(bdf: Bdf): boolean
  blockers(group: number): readonly Blocker[]
  /** The native binding that loads, or why none does. */
  binding(): { readonly name: string; readonly problem: null } | { readonly problem: string }
}

/** Something of a host that a bundle holds, or could not take. */
export interface BundleItem {
  /** As on the host. */
  readonly path: string
  /** `reduced`: only what tphctl reads of it; `name`: an empty file that stands for what is there. */
  readonly kind: 'file' | 'reduced' | 'name' | 'link' | 'unreadable'
  /** Where a link leads, or the errno of what could not be read. */
  readonly detail: string | null
}
