import type {
  ApplyResult,
  DifferenceResult,
  ExportResult,
  MetricsResult,
} from '../desired/results.ts'
import type { DoctorResult, GatherResult } from '../tph/doctor-results.ts'
import type { HexdumpResult } from '../tph/hexdump.ts'
import type { MapResult } from '../tph/map-results.ts'
import type { PlanResult } from '../tph/plan-results.ts'
import type {
  ControlResult,
  GetResult,
  InfoResult,
  ListResult,
  ProbeResult,
  SetResult,
  SetResults,
  TagResult,
  VerifyResult,
} from '../tph/results.ts'
import type { BatchResult, LineResult } from './batch-result.ts'

/** Answer of `mock reset`. */
export interface MockResetResult {
  /** The state file. */
  readonly state: string
  /** False under `--dry-run`. */
  readonly reset: boolean
}

/** Answer of `completion`. */
export interface CompletionResult {
  readonly shell: string
  /** The whole script. */
  readonly script: string
}

/** Answer of `version`. */
export interface VersionResult {
  readonly version: string
  readonly abi: {
    readonly ioctl: string
    readonly request: string
    readonly feature: string
    readonly featureIndex: number
    readonly maxEntries: number
  }
}

/** What each kind of result is made of. */
export interface ResultValues {
  readonly list: ListResult
  readonly info: InfoResult
  readonly hexdump: HexdumpResult
  readonly probe: ProbeResult
  readonly get: GetResult
  readonly set: SetResult
  readonly sets: SetResults
  readonly apply: ApplyResult
  readonly difference: DifferenceResult
  readonly export: ExportResult
  readonly metrics: MetricsResult
  readonly control: ControlResult
  readonly plan: PlanResult
  readonly tag: TagResult
  readonly verify: VerifyResult
  readonly completion: CompletionResult
  readonly batch: BatchResult
  readonly batchLine: LineResult
  readonly map: MapResult
  readonly doctor: DoctorResult
  readonly gather: GatherResult
  readonly mockReset: MockResetResult
  readonly version: VersionResult
}

/** The kinds of result there are. */
export type ResultKind = keyof ResultValues

/** What a command returns to be shown. */
export type Result = {
  readonly [K in ResultKind]: { readonly kind: K; readonly value: ResultValues[K] }
}[ResultKind]
