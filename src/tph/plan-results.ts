import type { MemoryType } from '../args/entry.ts'

/** An entry of a plan. */
export interface PlannedEntry {
  readonly index: number
  readonly cpu: number
  readonly memoryType: MemoryType
  /** Linux's number of the interrupt that the entry follows; null where it follows none. */
  readonly irq: number | null
}

/** Answer of `plan`. */
export interface PlanResult {
  readonly device: string
  /** What the CPUs were taken from, as CPUS of an ENTRY has it, or `follow-irqs`. */
  readonly policy: string
  /** In index order. */
  readonly entries: readonly PlannedEntry[]
}
