import { describe, expect, it } from 'vitest'
import { completeIndexes } from '../../src/completion/indexes.ts'

describe('completeIndexes', () => {
  it.each([
    ['', ['0-63']],
    ['5', ['5', '5-63']],
    ['63', ['63']],
    ['64', []],
    ['5-', ['5-63']],
    ['5-6', ['5-6', '5-63']],
    ['5-63', ['5-63']],
    ['0-3,', ['0-3,4-63']],
    ['8,0-3,', ['8,0-3,9-63']],
    ['0-62,', ['0-62,63']],
    ['0-63,', []],
    ['0-3,9', ['0-3,9', '0-3,9-63']],
    ['a', []],
    ['0-15:2/', []],
  ])('goes on from "%s"', (typed, words) => {
    expect(completeIndexes(typed, 64)).toEqual(words)
  })

  it('has nothing for a device without a table', () => {
    expect(completeIndexes('', 0)).toEqual([])
    expect(completeIndexes('0', 0)).toEqual([])
  })

  it('has the one entry of a table of one', () => {
    expect(completeIndexes('', 1)).toEqual(['0'])
  })
})
