import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatNumberList } from '../../src/args/cpu-list.ts'
import { parseCpuSelector, parseEntry, parseMemoryType } from '../../src/args/entry.ts'
import { stopwatch, timed } from '../helpers/timed.ts'
import { usageMessage, valueOrUsageError } from './usage-error.ts'
import { MALFORMED, wordsOf } from './words.ts'

describe('parseEntry', () => {
  it.each([
    ['0=5', [0], { kind: 'list', cpus: [5] }, null],
    ['5=7@vm', [5], { kind: 'list', cpus: [7] }, 'vm'],
    ['0-3=8-11@pm', [0, 1, 2, 3], { kind: 'list', cpus: [8, 9, 10, 11] }, 'pm'],
    ['3,1=2,2', [3, 1], { kind: 'list', cpus: [2, 2] }, null],
    ['0-7:1/4=0', [0, 4], { kind: 'list', cpus: [0] }, null],
    ['0-3=1,2', [0, 1, 2, 3], { kind: 'list', cpus: [1, 2] }, null],
    ['1=node:0', [1], { kind: 'node', node: 0 }, null],
    ['1=node:12@pm', [1], { kind: 'node', node: 12 }, 'pm'],
    ['1=l3:4294967295', [1], { kind: 'l3', l3: 4294967295 }, null],
    ['1=local@vm', [1], { kind: 'local' }, 'vm'],
    ['0-1=none', [0, 1], { kind: 'none' }, null],
  ])('parseEntry accepts %j', (word, indexes, cpus, memoryType) => {
    expect(parseEntry(word)).toEqual({ word, indexes, cpus, memoryType })
  })

  it.each([
    ...MALFORMED,
    ...MALFORMED.map((number) => `${number}=1`),
    ...MALFORMED.map((number) => `1=${number}`),
    ...MALFORMED.map((word) => `1=1@${word}`),
    '5',
    '=',
    '0=',
    '=0',
    '==',
    '0=1=2',
    '0==1',
    '0:1',
    '0@vm=1',
    '0=@vm',
    '0=1@',
    '0=1@vm@pm',
    '0=1@VM',
    '0=1@dram',
    '0=1@vm=1',
    '0,0=1',
    '0-3,2=1',
    '0,=1',
    '0=1,',
    '3-0=1',
    '0=3-0',
    '0-4294967295=1',
    '0=0-4294967295',
    '65536=0',
    '0-7:3/2=1',
    '0=0-7:0/2',
    'none=1',
    'local=1',
    '0=none@vm',
    '0=none@',
    '0=None',
    '0=locals',
    '0=local,1',
    '0=node:',
    '0=node:x',
    '0=node:-1',
    '0=node:0,1',
    '0=node:65536',
    '0=node0',
    '0=l3:',
    '0=l3:0x1',
    '0=l3:4294967296',
    '0=1\n1=2',
    '0=1\0',
    '0 = 1',
  ])('parseEntry rejects %j', (word) => {
    expect(usageMessage(() => parseEntry(word))).toMatch(/^Cannot parse [\w ]+ ".*": \S/)
  })

  it.each([
    ['0', 'Cannot parse ENTRY "0": expected INDEXES=CPUS[@vm|@pm] such as 0-3=8-11'],
    ['0=1=2', 'Cannot parse ENTRY "0=1=2": more than one ='],
    ['0=none@pm', 'Cannot parse ENTRY "0=none@pm": none takes no memory type'],
    ['0=1@x', 'Cannot parse memory type "x": expected vm or pm'],
    ['0,0=1', 'Cannot parse index list "0,0": index 0 is given twice'],
    ['0=2-1', 'Cannot parse CPU list "2-1": range 2-1 runs backwards'],
    [
      '0=cpu5',
      'Cannot parse CPUS "cpu5": expected a CPU list such as 0-3,8, or node:N, l3:N, local or none',
    ],
    ['0=l3:a', 'Cannot parse L3 domain "a": expected a whole number from 0 to 4294967295'],
  ])('parseEntry of %j says what is wrong', (word, message) => {
    expect(usageMessage(() => parseEntry(word))).toBe(message)
  })

  it('parseEntry reads back what was written', () => {
    const indexes = fc.uniqueArray(fc.nat(65535), { minLength: 1 })
    const cpus = fc.array(fc.nat(65535), { minLength: 1 })
    const type = fc.constantFrom('vm' as const, 'pm' as const, null)
    fc.assert(
      fc.property(indexes, cpus, type, (indexes, cpus, memoryType) => {
        const suffix = memoryType === null ? '' : `@${memoryType}`
        const word = `${formatNumberList(indexes)}=${formatNumberList(cpus)}${suffix}`
        const selector = { kind: 'list', cpus }
        expect(parseEntry(word)).toEqual({ word, indexes, cpus: selector, memoryType })
      }),
    )
  })

  it('parseEntry agrees with a regular expression about single numbers', () => {
    fc.assert(
      fc.property(wordsOf('0123=@vmpm'), (word) => {
        const match = /^([0-9]{1,4})=([0-9]{1,4})(?:@(vm|pm))?$/.exec(word)
        const entry = valueOrUsageError(() => parseEntry(word))
        if (match === null) expect(entry?.indexes.length === 1 && word.length < 6).toBe(false)
        else expect(entry?.indexes).toEqual([Number(match[1])])
      }),
      { numRuns: 5000 },
    )
  })

  it('parseEntry throws nothing but UsageError', () => {
    fc.assert(
      fc.property(wordsOf('01-,:/=@vpmnodelca3'), (word) => {
        valueOrUsageError(() => parseEntry(word))
      }),
      { numRuns: 5000 },
    )
  })

  timed.each(['=', '@', '0=1', '0,', '1', 'n', '0=node:', '0-1=', '0=0-'])(
    'parseEntry rejects millions of %j at once',
    (unit) => {
      const spent = stopwatch()
      usageMessage(() => parseEntry(unit.repeat(5_000_000)))
      usageMessage(() => parseEntry(`0=${unit.repeat(5_000_000)}`))
      expect(spent()).toBeLessThan(3000)
    },
  )
})

describe('parseCpuSelector', () => {
  it('parseCpuSelector accepts none only where it is allowed', () => {
    expect(parseCpuSelector('none', { allowNone: true })).toEqual({ kind: 'none' })
    expect(usageMessage(() => parseCpuSelector('none', { allowNone: false }))).toBe(
      'Cannot parse CPUS "none": expected a CPU list such as 0-3,8, or node:N, l3:N or local',
    )
    usageMessage(() => parseCpuSelector('none'))
  })

  it.each([...MALFORMED, '5@vm', '0=1'])('parseCpuSelector rejects %j', (word) => {
    usageMessage(() => parseCpuSelector(word, { allowNone: true }))
  })
})

describe('parseMemoryType', () => {
  it('parseMemoryType accepts vm and pm', () => {
    expect([parseMemoryType('vm'), parseMemoryType('pm')]).toEqual(['vm', 'pm'])
  })

  it.each([...MALFORMED, 'VM', 'v', 'vmpm', 'vm ', '@vm'])('parseMemoryType rejects %j', (word) => {
    usageMessage(() => parseMemoryType(word))
  })
})
