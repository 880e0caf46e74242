import { CLEAR_ENTRY } from '../abi/tph-st.ts'
import { CpuColumn } from './cpu-column.ts'
import type { RunInfo } from './results.ts'

/** Runs at two bytes an entry: one command may be about a million entries, of which it works on those of one device at a time. */
export class PackedRuns {
  readonly #frames: readonly Omit<RunInfo, 'cpus'>[]
  readonly #cpus: CpuColumn

  constructor(runs: readonly RunInfo[]) {
    this.#frames = runs.map(({ index, count, memoryType }) => ({ index, count, memoryType }))
    this.#cpus = cpuColumn(runs)
  }

  /** The same runs as they were packed. */
  unpack(): RunInfo[] {
    let at = 0
    return this.#frames.map((frame) => {
      at += frame.count
      return { ...frame, cpus: this.#cpus.slice(at - frame.count, at) }
    })
  }
}

/** The CPUs of runs, one behind the other. */
export function cpuColumn(runs: readonly RunInfo[]): CpuColumn {
  const numbers = new Uint32Array(countEntries(runs))
  let at = 0
  for (const { cpus } of runs) for (const cpu of cpus) numbers[at++] = cpu ?? CLEAR_ENTRY
  return new CpuColumn(numbers)
}

/** Indexes of the entries of runs, one behind the other. */
export function indexesOf(runs: readonly RunInfo[]): Uint16Array {
  const indexes = new Uint16Array(countEntries(runs))
  let at = 0
  for (const { index, count } of runs) for (let i = 0; i < count; i++) indexes[at++] = index + i
  return indexes
}

/** How many entries runs have. */
function countEntries(runs: readonly Pick<RunInfo, 'count'>[]): number {
  return runs.reduce((sum, { count }) => sum + count, 0)
}
