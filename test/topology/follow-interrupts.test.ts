import { describe, expect, it } from 'vitest'
import { followInterrupts } from '../../src/topology/follow-interrupts.ts'
import type { Interrupt } from '../../src/topology/interrupt.ts'
import { count } from './machine.ts'

const ONLINE = count(0, 8)

const irq = (number: number, vector: number | null, ...cpus: number[]): Interrupt => {
  return { irq: number, vector, cpus }
}

const follow = (interrupts: readonly Interrupt[], entries = 64) =>
  followInterrupts(interrupts, entries, ONLINE)

describe('followInterrupts()', () => {
  it('goes by the vectors where they are named, whatever their numbers', () => {
    expect(follow([irq(40, 2, 5), irq(41, 0, 3)])).toEqual({
      followed: [
        { index: 0, cpu: 3, irq: 41 },
        { index: 2, cpu: 5, irq: 40 },
      ],
      isOrderAssumed: false,
      ambiguous: [],
      nowhere: [],
      beyond: [],
    })
  })

  it('leaves out interrupts without a handler beside named ones', () => {
    expect(follow([irq(40, null), irq(41, 1, 3)])).toMatchObject({
      followed: [{ index: 1, cpu: 3, irq: 41 }],
      isOrderAssumed: false,
      nowhere: [],
    })
  })

  it('takes the order of numbers where no vector is named', () => {
    expect(follow([irq(100, null, 1), irq(99, null, 2)])).toMatchObject({
      followed: [
        { index: 0, cpu: 2, irq: 99 },
        { index: 1, cpu: 1, irq: 100 },
      ],
      isOrderAssumed: true,
    })
  })

  it('takes the first of several CPUs that are online, and tells which were several', () => {
    expect(follow([irq(40, 0, 9, 4, 6), irq(41, 1, 9, 7)])).toMatchObject({
      followed: [
        { index: 0, cpu: 4 },
        { index: 1, cpu: 7 },
      ],
      ambiguous: [0],
    })
  })

  it('leaves out what goes nowhere that is online, and what the table has no entry for', () => {
    expect(follow([irq(40, 0, 9), irq(41, 1), irq(42, 2, 0), irq(43, 3, 0)], 3)).toMatchObject({
      followed: [{ index: 2, cpu: 0 }],
      nowhere: [0, 1],
      beyond: [3],
    })
  })

  it('is empty without interrupts', () => {
    expect(follow([])).toMatchObject({ followed: [], isOrderAssumed: false })
  })
})
