import { describe, expect, it } from 'vitest'
import { PackedRuns } from '../../src/tph/packed-runs.ts'
import type { RunInfo } from '../../src/tph/results.ts'

const RUNS: readonly RunInfo[] = [
  { index: 3, count: 2, memoryType: 'vm', cpus: [65535, null] },
  { index: 5, count: 1, memoryType: 'pm', cpus: [0] },
  { index: 2047, count: 1, memoryType: 'vm', cpus: [7] },
]

describe('PackedRuns', () => {
  it('gives back what it was made of, as often as it is asked', () => {
    const packed = new PackedRuns(RUNS)
    expect(packed.unpack()).toEqual(RUNS)
    expect(packed.unpack()).toEqual(RUNS)
  })

  it('is nothing of nothing', () => {
    expect(new PackedRuns([]).unpack()).toEqual([])
  })
})
