import { describe, expect, it } from 'vitest'
import { parseHoldFile } from '../../src/args/hold-file.ts'
import { UsageError } from '../../src/errors.ts'

const A = '0000:81:00.0'
const B = '0000:82:00.0'

describe('parseHoldFile()', () => {
  it('takes the ENTRYs of the one device that is held', () => {
    const [only, ...more] = parseHoldFile('# queues\n0-1=4,5\n2=6@pm\n', 'f', [A])
    expect(more).toEqual([])
    expect(only?.bdf).toBe(A)
    expect(only?.entries.map(({ word }) => word)).toEqual(['0-1=4,5', '2=6@pm'])
  })

  it('takes lines that name their device', () => {
    const parsed = parseHoldFile(`82:00.0 0=8\n${A} 0=1 1=2\n`, 'f', [A, B])
    expect(parsed.map(({ bdf, entries }) => [bdf, entries.length])).toEqual([
      [B, 1],
      [A, 2],
    ])
  })

  it.each(['', '\n\n', '# nothing yet\n'])('sets nothing for %j', (text) => {
    expect(parseHoldFile(text, 'f', [A, B])).toEqual([])
  })

  it.each([
    ['0=1', [A, B], 'with several devices its lines must be "DEVICE ENTRY..."'],
    ['83:00.0 0=1', [A, B], 'it sets 0000:83:00.0, which is not held'],
    ['0=1\n1=x', [A], 'f:2: '],
    [`${A}`, [A], 'f:1: '],
  ])('refuses %j', (text, held, message) => {
    expect(() => parseHoldFile(text, 'f', held)).toThrow(UsageError)
    expect(() => parseHoldFile(text, 'f', held)).toThrow(message)
  })
})
