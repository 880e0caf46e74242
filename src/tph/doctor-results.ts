import type { BundleItem } from '../backend/types.ts'

/* What `doctor` and `gather` answer: the stable output contract, as in results.ts. */

/** One precondition, as `doctor` found it. */
export interface CheckInfo {
  readonly id: string
  /** `host`, or the address of the device it is about. */
  readonly subject: string
  readonly state: 'ok' | 'problem' | 'unknown'
  /** What was read where. */
  readonly evidence: string
  /** The next command or setting; null where there is none. */
  readonly fix: string | null
}

/** Answer of `doctor`. */
export interface DoctorResult {
  readonly checks: readonly CheckInfo[]
  /** Whether a SET would work on the device, or on at least one; null when that cannot be told. */
  readonly ready: boolean | null
}

/** Answer of `gather`. */
export interface GatherResult {
  /** The bundle's folder. */
  readonly directory: string
  /** Null for the whole host. */
  readonly device: string | null
  /** False under `--dry-run`. */
  readonly written: boolean
  readonly items: readonly BundleItem[]
}
