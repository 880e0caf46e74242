import { describe, expect, it } from 'vitest'
import { confirm, notPutBack, planPutBack } from '../../src/tph/put-back.ts'

const former = (index: number, st: number, cpu: number | null = null) =>
  ({ index, st, cpu, memoryType: cpu === null ? null : 'pm' }) as const

const run = (index: number, ...cpus: readonly (number | null)[]) =>
  ({ index, count: cpus.length, memoryType: 'vm', cpus }) as const

describe('planPutBack()', () => {
  it('clears what was clear, sets a known CPU, and cannot set a tag', () => {
    const unknown = former(2, 0x107)
    expect(planPutBack([former(0, 0), former(1, 0x205, 5), unknown])).toEqual({
      assignments: [
        { index: 0, cpu: null, memoryType: 'vm' },
        { index: 1, cpu: 5, memoryType: 'pm' },
      ],
      impossible: [unknown],
    })
  })
})

describe('confirm()', () => {
  const before = [former(0, 7, 1), former(1, 8, 2), former(4, 0), former(5, 9)]
  const sent = [run(0, 1, 2), run(4, null)]

  it('takes for restored what has its former tag, and the others for failed without an errno', () => {
    const { restored, failed } = confirm(sent, before, [7, 0x55, 3, 9])
    expect(restored.map(({ index }) => index)).toEqual([0])
    expect(failed).toMatchObject([
      { index: 1, count: 1, cpus: [2], errno: null },
      { index: 4, count: 1, cpus: [null], errno: null },
    ])
  })

  it('says nothing of entries that were not sent', () => {
    expect(confirm([run(4, null)], before, [1, 1, 0, 1]).failed).toEqual([])
  })

  it('takes all for restored where GET does not say', () => {
    const { restored, failed } = confirm(sent, before, null)
    expect(restored.map(({ index }) => index)).toEqual([0, 1, 4])
    expect(failed).toEqual([])
  })
})

describe('notPutBack()', () => {
  it('is a sentence for each failed run, and one for all impossible entries', () => {
    const failed = [
      { ...run(3, 1, 2), errno: 'EIO', message: 'EIO, the device did not answer' },
      { ...run(8, 1), errno: null, message: 'was put back in vain' },
    ]
    expect(notPutBack(failed, [former(10, 1), former(11, 1), former(20, 1)])).toEqual([
      'entries 3-4 not put back: EIO, the device did not answer',
      'entry 8 not put back: was put back in vain',
      'entries 10-11,20 not put back: the CPU behind their former tag is not known',
    ])
  })

  it('is nothing when all is back', () => {
    expect(notPutBack([], [])).toEqual([])
  })
})
