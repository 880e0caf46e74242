import { describe, expect, it } from 'vitest'
import { napAfter } from '../src/sleep.ts'

describe('napAfter()', () => {
  it.each([
    [0, 1],
    [10, 1],
    [200, 20],
    [5_000, 500],
    [60_000, 500],
  ])('after %d ms is %d to twice as many', (waited, shortest) => {
    const naps = Array.from({ length: 100 }, () => napAfter(waited))
    expect(Math.min(...naps)).toBeGreaterThanOrEqual(shortest)
    expect(Math.max(...naps)).toBeLessThan(2 * shortest)
    expect(new Set(naps).size).toBeGreaterThan(1)
  })
})
