import type { Bdf } from '../../args/bdf.ts'
import type { Owner } from '../types.ts'

/** Finds the process that holds a function's VFIO device open. */
export interface OwnerLookup {
  /**
   * `visible` is false when other users' processes cannot be seen, so that a null owner says nothing. The group is read
   * only where the lookup asks for it.
   */
  ownerOf(fn: { readonly bdf: Bdf; readonly iommuGroup: number | null }): {
    readonly owner: Owner | null
    readonly visible: boolean
  }
}
