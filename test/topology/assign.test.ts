import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEntry } from '../../src/args/entry.ts'
import { UsageError } from '../../src/errors.ts'
import { type AssignOptions, assignEntries } from '../../src/topology/assign.ts'
import { usageMessage } from '../args/usage-error.ts'
import { stopwatch, timed } from '../helpers/timed.ts'
import { count, machine, nearNode1 } from './machine.ts'

const OPTIONS: AssignOptions = {
  topology: machine,
  locality: nearNode1,
  memoryType: 'vm',
  cycle: false,
}

function assign(words: string, options: Partial<AssignOptions> = {}): string {
  const entries = words.split(' ').map(parseEntry)
  return assignEntries(entries, { ...OPTIONS, ...options })
    .map(({ index, cpu, memoryType }) => `${index}=${cpu}@${memoryType}`)
    .join(' ')
}

describe('assignEntries', () => {
  it.each([
    ['0=5', '0=5@vm'],
    ['0-2=4,6,5', '0=4@vm 1=6@vm 2=5@vm'],
    ['2,0=1,3', '0=3@vm 2=1@vm'],
    ['0-2=7@pm', '0=7@pm 1=7@pm 2=7@pm'],
    ['9=1 3=2@pm 5=none', '3=2@pm 5=null@vm 9=1@vm'],
    ['0-3=l3:1', '0=4@vm 1=5@vm 2=6@vm 3=7@vm'],
    ['0-1=none', '0=null@vm 1=null@vm'],
  ])('assignEntries of %s', (words, expected) => {
    expect(assign(words)).toBe(expected)
  })

  it('assignEntries gives the default memory type where none is written, never to a clear', () => {
    expect(assign('0=1 1=2@vm 2=none', { memoryType: 'pm' })).toBe('0=1@pm 1=2@vm 2=null@vm')
  })

  it('assignEntries of no entries is empty', () => {
    expect(assignEntries([], OPTIONS)).toEqual([])
  })

  it.each([
    ['0-3=1,2', '4 indexes but 2 CPUs'],
    ['0=1,2', '1 index but 2 CPUs'],
    ['0-1=local', '2 indexes but 8 CPUs'],
  ])('assignEntries of %s names both lengths and hints at --cycle', (word, why) => {
    const act = () => assign(word)
    expect(usageMessage(act)).toBe(`Cannot assign "${word}": ${why}`)
    expect(act).toThrow(expect.objectContaining({ hint: expect.stringContaining('--cycle') }))
  })

  it('assignEntries uses CPUs again, or not all, with cycle', () => {
    const cycle = { cycle: true }
    expect(assign('0-4=1,2', cycle)).toBe('0=1@vm 1=2@vm 2=1@vm 3=2@vm 4=1@vm')
    expect(assign('0-1=local', cycle)).toBe('0=8@vm 1=9@vm')
  })

  it('assignEntries never turns an empty CPU list into a clear', () => {
    const entry = { ...parseEntry('0=1'), cpus: { kind: 'list' as const, cpus: [] } }
    expect(() => assignEntries([entry], { ...OPTIONS, cycle: true })).toThrow(UsageError)
  })

  it('assignEntries names an index given twice and both words', () => {
    expect(usageMessage(() => assign('0-3=1 7=2 5,3=none'))).toBe(
      'Cannot assign "5,3=none": index 3 is already given by "0-3=1"',
    )
    const entry = { ...parseEntry('0=1'), indexes: [0, 0] }
    expect(() => assignEntries([entry], OPTIONS)).toThrow(/index 0 is already given by "0=1"$/)
  })

  it.each([
    ['0=99', 'CPU 99 does not exist'],
    ['0=17', 'CPU 17 is offline'],
  ])('assignEntries of %s names the CPU that is not there', (word, why) => {
    expect(usageMessage(() => assign(word))).toContain(`Cannot use "${word}": ${why}`)
  })

  it('assignEntries pairs as written, whatever the order of indexes', () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.nat(63), fc.nat(15)), {
      minLength: 1,
      selector: ([index]) => index,
    })
    fc.assert(
      fc.property(pairs, (pairs) => {
        const word = `${pairs.map(([i]) => i).join(',')}=${pairs.map(([, cpu]) => cpu).join(',')}`
        const sorted = [...pairs].sort(([a], [b]) => a - b)
        expect(assign(word)).toBe(sorted.map(([i, cpu]) => `${i}=${cpu}@vm`).join(' '))
      }),
    )
  })

  timed('assignEntries of 65536 entries with a selector each is done within seconds', () => {
    const entries = count(0, 65536).map((index) => parseEntry(`${index}=local`))
    const spent = stopwatch()
    expect(assignEntries(entries, { ...OPTIONS, cycle: true })).toHaveLength(65536)
    expect(spent()).toBeLessThan(5000)
  })
})
