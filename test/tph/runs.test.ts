import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MemoryType } from '../../src/args/entry.ts'
import type { Assignment } from '../../src/topology/assignments.ts'
import { mergeRanges, mergeRuns, splitRuns } from '../../src/tph/runs.ts'

const MOST = 2048

/** The lists are long: a few dozen of them meet every case. */
const SPARING = { numRuns: 40 }

/** Stretches of indexes with and without holes between them, some longer than one SET may be. */
const indexes = fc
  .array(
    fc.tuple(
      fc.nat(3),
      fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(2047, 2048, 2049, 4100)),
    ),
    { maxLength: 5 },
  )
  .map((stretches) => {
    const all: number[] = []
    let at = 0
    for (const [hole, length] of stretches) {
      at += hole
      for (let i = 0; i < length; i++) all.push(at++)
    }
    return all
  })

const memoryTypes = fc.infiniteStream(fc.constantFrom<MemoryType>('vm', 'vm', 'vm', 'pm'))

const assignments: fc.Arbitrary<Assignment[]> = fc
  .tuple(indexes, memoryTypes, fc.boolean())
  .map(([all, types, mixed]) =>
    all.map((index) => ({
      index,
      cpu: index % 7 === 0 ? null : index % 20,
      memoryType: mixed ? types.next().value : 'vm',
    })),
  )

const byIndex = (a: { index: number }, b: { index: number }) => a.index - b.index

describe('mergeRuns()', () => {
  it('makes runs whose entries are those given, each once', () => {
    fc.assert(
      fc.property(assignments, (given) => {
        expect(splitRuns(mergeRuns(given)).sort(byIndex)).toEqual(given)
      }),
      SPARING,
    )
  })

  it('makes runs of 1 to 2048 entries with as many CPUs, in index order', () => {
    fc.assert(
      fc.property(assignments, (given) => {
        const runs = mergeRuns(given)
        for (const { count, cpus } of runs) {
          expect(count).toBe(cpus.length)
          expect(count).toBeGreaterThanOrEqual(1)
          expect(count).toBeLessThanOrEqual(MOST)
        }
        expect(runs.toSorted(byIndex)).toEqual(runs)
      }),
      SPARING,
    )
  })

  it('makes as few runs as there can be: one ends only at a hole, another memory type or 2048', () => {
    fc.assert(
      fc.property(assignments, (given) => {
        const runs = mergeRuns(given)
        for (const { index, count, memoryType } of runs) {
          const next = runs.find((one) => one.index === index + count)
          if (next?.memoryType === memoryType) expect(count).toBe(MOST)
        }
      }),
      SPARING,
    )
  })

  it('gives each run one memory type', () => {
    const given = [
      { index: 0, cpu: 1, memoryType: 'vm' },
      { index: 1, cpu: 1, memoryType: 'pm' },
      { index: 2, cpu: null, memoryType: 'vm' },
      { index: 3, cpu: 4, memoryType: 'vm' },
    ] as const
    expect(mergeRuns(given)).toEqual([
      { index: 0, count: 1, memoryType: 'vm', cpus: [1] },
      { index: 1, count: 1, memoryType: 'pm', cpus: [1] },
      { index: 2, count: 2, memoryType: 'vm', cpus: [null, 4] },
    ])
  })

  it('makes none of nothing', () => {
    expect(mergeRuns([])).toEqual([])
  })
})

describe('mergeRanges()', () => {
  it('covers the indexes given, each once and in order, in ranges that cannot be merged', () => {
    fc.assert(
      fc.property(indexes, (given) => {
        const ranges = mergeRanges(given)
        const covered = ranges.flatMap(({ index, count }) =>
          Array.from({ length: count }, (_, i) => index + i),
        )
        expect(covered).toEqual(given)
        ranges.forEach(({ index, count }, i) => {
          expect(count).toBeLessThanOrEqual(MOST)
          if (ranges[i + 1]?.index === index + count) expect(count).toBe(MOST)
        })
      }),
      SPARING,
    )
  })
})
