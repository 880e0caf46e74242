import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatCpus,
  formatNumberList,
  parseCpuList,
  parseIndexList,
  parseNumberList,
} from '../../src/args/cpu-list.ts'
import { stopwatch, timed } from '../helpers/timed.ts'
import { usageMessage, valueOrUsageError } from './usage-error.ts'
import { MALFORMED, wordsOf } from './words.ts'

const REJECTED = [
  ...MALFORMED,
  ',',
  '1,',
  ',1',
  '1,,2',
  '1, 2',
  '1 ,2',
  '1;2',
  '-',
  '0-',
  '-3',
  '0--3',
  '0-1-2',
  '3-0',
  '0..3',
  '0-0x3',
  '65536',
  '0-65536',
  '0-4294967295',
  '0-18446744073709551616',
  `0-${'9'.repeat(40)}`,
  `0-${'0'.repeat(65)}`,
  '5:1/2',
  '0-7:',
  '0-7:1',
  '0-7:1/',
  '0-7:/2',
  '0-7:0/2',
  '0-7:0/0',
  '0-7:1/0',
  '0-7:3/2',
  '0-7:1/2/3',
  '0-7:1/2:1/2',
  '0-7:-1/2',
  '0-7:1/2,',
  'all',
  'N',
  '0-N',
  '0-٣',
]

/** A second reading of cpuset(7): every candidate number is asked whether the part holds it. */
function oracle(word: string, max: number): number[] | undefined {
  const numbers: number[] = []
  for (const part of word.split(',')) {
    if (!/^[0-9]+(-[0-9]+(:[0-9]+\/[0-9]+)?)?$/.test(part)) return undefined
    const [range = '', pattern = '1/1'] = part.split(':')
    const [first = 0n, last = first] = range.split('-').map(BigInt)
    const [used = 1n, group = 1n] = pattern.split('/').map(BigInt)
    if (first > last || last > BigInt(max) || used < 1n || used > group) return undefined
    for (let n = first; n <= last; n++) if ((n - first) % group < used) numbers.push(Number(n))
  }
  return numbers
}

const numberLists = fc.array(
  fc.oneof(
    fc.nat(65535).map((n) => [n]),
    fc
      .tuple(fc.nat(65000), fc.nat(20))
      .map(([from, n]) => Array.from({ length: n }, (_, i) => from + i)),
  ),
)

describe('parseCpuList', () => {
  it.each([
    ['0', [0]],
    ['007', [7]],
    ['65535', [65535]],
    ['0-3,8', [0, 1, 2, 3, 8]],
    ['8,0-3', [8, 0, 1, 2, 3]],
    ['3-3', [3]],
    ['5,5,4-5', [5, 5, 4, 5]],
    ['0-15:2/4', [0, 1, 4, 5, 8, 9, 12, 13]],
    ['0-4:3/3', [0, 1, 2, 3, 4]],
    ['1-9:1/4,0', [1, 5, 9, 0]],
    ['0-3:1/99999999999', [0]],
  ])('parseCpuList accepts %j', (word, cpus) => {
    expect(parseCpuList(word)).toEqual(cpus)
  })

  it.each(REJECTED)('parseCpuList rejects %j', (word) => {
    expect(usageMessage(() => parseCpuList(word))).toMatch(/^Cannot parse CPU list ".*": \S/)
  })

  it.each([
    ['7-3', 'range 7-3 runs backwards'],
    ['0-4294967295', 'numbers go up to 65535'],
    ['0-7:3/2', 'a pattern USED/GROUP needs 1 <= USED <= GROUP'],
    ['0-65535,0', 'more than 65536 numbers (at "0")'],
    ['1,,2', 'expected numbers and ranges such as 0-3,8 or 0-15:2/4 (at "")'],
    ['x', 'expected numbers and ranges such as 0-3,8 or 0-15:2/4'],
  ])('parseCpuList of %j says what is wrong', (word, why) => {
    expect(usageMessage(() => parseCpuList(word))).toBe(`Cannot parse CPU list "${word}": ${why}`)
  })

  it('takes as many leading zeros in a number alone as in one of several', () => {
    const [most, tooMany] = ['7'.padStart(64, '0'), '7'.padStart(65, '0')]
    expect(parseCpuList(most)).toEqual([7])
    expect(parseCpuList(`${most},8`)).toEqual([7, 8])
    expect(usageMessage(() => parseCpuList(tooMany))).toMatch(/expected numbers and ranges/)
    expect(usageMessage(() => parseCpuList(`${tooMany},8`))).toMatch(/expected numbers and ranges/)
  })

  it('parseCpuList gives 65536 numbers and not one more, however many parts', () => {
    expect(parseCpuList('0-65535')).toHaveLength(65536)
    expect(parseCpuList(Array(65536).fill('1').join(','))).toHaveLength(65536)
    usageMessage(() => parseCpuList(Array(65537).fill('1').join(',')))
    usageMessage(() => parseCpuList(Array(100_000).fill('0-65535').join(',')))
    usageMessage(() => parseCpuList('0-65535,'.repeat(100_000)))
  })

  it('parseCpuList agrees with the oracle', () => {
    fc.assert(
      fc.property(wordsOf('0123456789,,--:/'), (word) => {
        const cpus = valueOrUsageError(() => parseNumberList(word, 'CPU list', 99))
        expect(cpus).toEqual(oracle(word, 99))
      }),
      { numRuns: 5000 },
    )
  })

  it('parseCpuList agrees with the oracle on lists of patterns', () => {
    const part = fc.tuple(fc.nat(30), fc.nat(99), fc.nat(6), fc.nat(6))
    const lists = fc.array(part, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(lists, (parts) => {
        const word = parts.map(([a, b, used, group]) => `${a}-${b}:${used}/${group}`).join(',')
        expect(valueOrUsageError(() => parseNumberList(word, 'CPU list', 99))).toEqual(
          oracle(word, 99),
        )
      }),
      { numRuns: 1000 },
    )
  })

  timed.each(['1', '0-', ',', '-', '1-', ':', '1:', '1,', '0-1:1/1-', '\0'])(
    'parseCpuList rejects millions of %j at once',
    (unit) => {
      const spent = stopwatch()
      usageMessage(() => parseCpuList(unit.repeat(5_000_000)))
      expect(spent()).toBeLessThan(2000)
    },
  )
})

describe('parseIndexList', () => {
  it.each([
    ['0', [0]],
    ['8,0-3', [8, 0, 1, 2, 3]],
    ['0-7:1/2', [0, 2, 4, 6]],
  ])('parseIndexList accepts %j', (word, indexes) => {
    expect(parseIndexList(word)).toEqual(indexes)
  })

  it.each([...REJECTED, '1,1', '0-3,3', '0-65535,0'])('parseIndexList rejects %j', (word) => {
    expect(usageMessage(() => parseIndexList(word))).toMatch(/^Cannot parse index list ".*": \S/)
  })

  it('parseIndexList names the first index given twice', () => {
    expect(usageMessage(() => parseIndexList('4,0-3,3,4'))).toBe(
      'Cannot parse index list "4,0-3,3,4": index 3 is given twice',
    )
  })
})

describe('formatNumberList', () => {
  it.each([
    [[], ''],
    [[7], '7'],
    [[0, 1], '0-1'],
    [[0, 1, 2, 8], '0-2,8'],
    [[3, 1], '3,1'],
    [[3, 2, 1], '3,2,1'],
    [[5, 5], '5,5'],
    [[5, 6, 6, 7], '5-6,6-7'],
  ])('formatNumberList of %o is %j', (numbers, text) => {
    expect(formatNumberList(numbers)).toBe(text)
    expect(formatNumberList(new Set(numbers).values())).toBe(
      formatNumberList([...new Set(numbers)]),
    )
  })

  it('formatNumberList is read back by parseCpuList', () => {
    fc.assert(
      fc.property(numberLists, (lists) => {
        const numbers = lists.flat()
        fc.pre(numbers.length > 0)
        expect(parseCpuList(formatNumberList(numbers))).toEqual(numbers)
      }),
    )
  })
})

describe('formatCpus', () => {
  it.each([
    [[], ''],
    [[null], 'none'],
    [[null, null], 'none'],
    [[1, 2, null, 3], '1-2,none,3'],
    [[null, 0], 'none,0'],
    [[0, null, null], '0,none,none'],
    [[0, 1], '0-1'],
  ])('formatCpus of %o is %j', (cpus, text) => {
    expect(formatCpus(cpus)).toBe(text)
  })
})
