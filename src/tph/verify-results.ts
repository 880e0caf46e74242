/* What `verify` answers: the stable output contract, as in results.ts. */

/** An entry whose tag in the device's own table is not the kernel's. */
export interface DifferingEntry {
  readonly index: number
  /** What GET says. */
  readonly st: number
  /** What the device's table holds. */
  readonly hardware: number
}

/** Answer of `verify`. */
export interface VerifyResult {
  readonly device: string
  /**
   * `waiting`: nothing differs but tags that wait for their vectors. `inactive`: TPH is off or in a mode without tags, so the
   * device's table does not matter.
   */
  readonly state: 'same' | 'different' | 'waiting' | 'inactive' | 'unknown'
  /** Why the state is `waiting`, `inactive` or `unknown`. */
  readonly reason: string | null
  /** How many entries were compared. */
  readonly compared: number
  readonly differences: readonly DifferingEntry[]
  /** Indexes of the tags that reach the table when their MSI-X vectors are allocated. */
  readonly waiting: readonly number[]
  /** Only where the kernel does not keep tags: what the table was compared with, the tags that it had when tphctl set them. */
  readonly against?: 'ledger'
}
