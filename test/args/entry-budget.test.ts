import { describe, expect, it } from 'vitest'
import { parseEntry } from '../../src/args/entry.ts'
import { EntryBudget } from '../../src/args/entry-budget.ts'
import { usageMessage } from './usage-error.ts'

/** It stands for twice 65536 numbers: with 128 of them nothing is left. */
const large = parseEntry('0-65535=0-65535')
const near = parseEntry('0-65535=local')

function after(...counts: readonly (readonly [number, typeof large])[]): EntryBudget {
  const budget = new EntryBudget()
  for (const [count, entry] of counts) {
    for (let i = 0; i < count; i++) expect(budget.take(entry)).toBe(entry)
  }
  return budget
}

describe('EntryBudget', () => {
  it('has room for 16777216 numbers, and not for one more', () => {
    const budget = after([128, large])
    const message = usageMessage(() => budget.take(parseEntry('7=local')))
    expect(message).toBe(
      'Cannot use ENTRY "7=local": with those before it, it stands for more than 16777216 numbers',
    )
  })

  it('counts the indexes alone where no CPUs are listed', () => {
    const budget = after([126, large], [4, near])
    expect(() => budget.take(near)).toThrow('more than 16777216 numbers')
  })

  it('has room in the end for what just fits', () => {
    after([127, large], [1, near], [1, parseEntry('0-32767=0-32767')])
  })
})
