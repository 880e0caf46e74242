import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEntryTokens } from '../../src/args/entry-stream.ts'
import { type EntryToFormat, formatEntries } from '../../src/args/format-entries.ts'
import { assignEntries } from '../../src/topology/assign.ts'
import { count, machine, nowhere } from '../topology/machine.ts'

/** Entries of consecutive indexes from 0 on. */
const entriesOf = (cpus: readonly (number | null)[], memoryType: 'vm' | 'pm' = 'vm') =>
  cpus.map((cpu, index): EntryToFormat => ({ index, cpu, memoryType }))

/** What `set` makes of the words. */
function assigned(words: readonly string[]): EntryToFormat[] {
  const options = { topology: machine, locality: nowhere, memoryType: 'vm', cycle: false } as const
  return assignEntries(parseEntryTokens(words.join('\n'), 'stdin'), options)
}

const turns = (entries: number, cpus: readonly number[]) =>
  count(0, entries).map((index) => cpus[index % cpus.length] ?? 0)

describe('formatEntries()', () => {
  it.each([
    ['nothing', [], []],
    ['CPUs in order', [4, 5, 6, 7], ['0-3=4-7']],
    ['one CPU', [3, 3, 3], ['0-2=3']],
    ['what is cleared', [null, null, 2], ['0-1=none', '2=2']],
    ['stretches of both kinds', [0, 1, 2, 2, 2, 9], ['0-2=0-2', '3-4=2', '5=9']],
    ['few turns of many CPUs', turns(16, count(0, 8)), ['0-7=0-7', '8-15=0-7']],
    ['many turns of few CPUs', turns(64, [8, 10]), ['0-62:1/2=8', '1-63:1/2=10']],
    ['a CPU that comes twice a turn', turns(64, [0, 0, 5]), ['0-63:2/3=0', '2-62:1/3=5']],
  ])('formatEntries of %s', (_, cpus, words) => {
    expect(formatEntries(entriesOf(cpus))).toEqual(words)
  })

  it('marks persistent memory, but never a clear', () => {
    expect(formatEntries(entriesOf([1, 2, null], 'pm'))).toEqual(['2=none', '0-1=1-2@pm'])
  })

  it('keeps a table of 2048 short, however many CPUs there are', () => {
    for (const cpus of [1, 2, 7, 31, 45, 46, 100, 512, 1023, 2047, 2048]) {
      const words = formatEntries(entriesOf(turns(2048, count(0, cpus))))
      expect(words.join(' ').length, `${cpus} CPUs`).toBeLessThan(1000)
    }
  })

  it('is read back by set to the same entries', () => {
    const cpu = fc.option(fc.integer({ min: 0, max: 15 }), { freq: 10 })
    const memoryType = fc.constantFrom<'vm' | 'pm'>('vm', 'pm')
    const any = fc.uniqueArray(fc.record({ index: fc.nat(99), cpu, memoryType }), {
      selector: ({ index }) => index,
    })
    const regular = fc
      .tuple(fc.nat(2048), fc.array(fc.nat(15), { minLength: 1, maxLength: 40 }), memoryType)
      .map(([length, cpus, type]) => entriesOf(turns(length, cpus), type))
    fc.assert(
      fc.property(fc.oneof(any, regular), (list) => {
        const entries = list
          .toSorted((a, b) => a.index - b.index)
          .map((one) => (one.cpu === null ? { ...one, memoryType: 'vm' as const } : one))
        expect(assigned(formatEntries(entries))).toEqual(entries)
      }),
    )
  })
})
