import { describe, expect, it } from 'vitest'
import { spreadCpus } from '../../src/topology/spread.ts'

const cpusOf = (entries: number, cpus: readonly number[]) =>
  spreadCpus(entries, cpus).map(({ cpu }) => cpu)

describe('spreadCpus()', () => {
  it('deals CPUs out in turn, and begins again', () => {
    expect(spreadCpus(3, [4, 9])).toEqual([
      { index: 0, cpu: 4 },
      { index: 1, cpu: 9 },
      { index: 2, cpu: 4 },
    ])
  })

  it('keeps their order and their repeats, and leaves out those beyond the table', () => {
    expect(cpusOf(4, [7, 7, 3])).toEqual([7, 7, 3, 7])
    expect(cpusOf(2, [1, 2, 3])).toEqual([1, 2])
    expect(cpusOf(0, [1])).toEqual([])
  })

  it('never makes up a CPU', () => {
    expect(() => spreadCpus(1, [])).toThrow(RangeError)
  })
})
