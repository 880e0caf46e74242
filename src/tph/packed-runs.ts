import { CLEAR_ENTRY } from '../abi/tph-st.ts'
import type { RunInfo } from './results.ts'

/** Runs at four bytes an entry: one command may be about a million entries, of which it works on those of one device at a time. */
export class PackedRuns {
  readonly #frames: readonly Omit<RunInfo, 'cpus'>[]
  readonly #cpus: Uint32Array

  constructor(runs: readonly RunInfo[]) {
    this.#frames = runs.map(({ index, count, memoryType }) => ({ index, count, memoryType }))
    this.#cpus = new Uint32Array(runs.reduce((sum, { count }) => sum + count, 0))
    let at = 0
    for (const { cpus } of runs) for (const cpu of cpus) this.#cpus[at++] = cpu ?? CLEAR_ENTRY
  }

  /** The same runs as they were packed. */
  unpack(): RunInfo[] {
    let at = 0
    return this.#frames.map((frame) => {
      const cpus = new Array<number | null>(frame.count)
      for (let i = 0; i < frame.count; i++) {
        const cpu = this.#cpus[at++] ?? CLEAR_ENTRY
        cpus[i] = cpu === CLEAR_ENTRY ? null : cpu
      }
      return { ...frame, cpus }
    })
  }
}
