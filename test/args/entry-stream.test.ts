import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDeviceLines, parseEntryTokens, tokens } from '../../src/args/entry-stream.ts'
import { stopwatch, timed } from '../helpers/timed.ts'
import { usageMessage, valueOrUsageError } from './usage-error.ts'
import { wordsOf } from './words.ts'

const wordsAndLines = (text: string) => tokens(text).map(({ word, line }) => [word, line])

describe('tokens', () => {
  it.each([
    ['', []],
    [' \t\r\n\f', []],
    ['a', [['a', 1]]],
    [
      'a b\tc\fd',
      [
        ['a', 1],
        ['b', 1],
        ['c', 1],
        ['d', 1],
      ],
    ],
    [
      'a\r\nb\r\n',
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    [
      '\n\na\n\nb',
      [
        ['a', 3],
        ['b', 5],
      ],
    ],
    [
      'a # b c\nd',
      [
        ['a', 1],
        ['d', 2],
      ],
    ],
    ['# only', []],
    ['#\n#\na#b #c\n', [['a#b', 3]]],
    ['a\vb\u00a0c', [['a\vb\u00a0c', 1]]],
  ])('tokens of %j', (text, expected) => {
    expect(wordsAndLines(text)).toEqual(expected)
  })

  it('tokens agrees with splitting lines and words', () => {
    fc.assert(
      fc.property(wordsOf('ab# \t\n\r\f='), (text) => {
        const expected = text.split('\n').flatMap((content, at) => {
          const words = content.split(/[ \t\r\f]+/).filter((word) => word !== '')
          const comment = words.findIndex((word) => word.startsWith('#'))
          return words.slice(0, comment < 0 ? undefined : comment).map((word) => [word, at + 1])
        })
        expect(wordsAndLines(text)).toEqual(expected)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('parseEntryTokens', () => {
  it('parseEntryTokens reads ENTRYs in order, over lines and comments', () => {
    const entries = parseEntryTokens('# plan\n0=1 1-2=3@pm\n\n3=none # off\n', 'stdin')
    expect(entries.map((entry) => entry.word)).toEqual(['0=1', '1-2=3@pm', '3=none'])
  })

  it('parseEntryTokens of text without ENTRYs is empty', () => {
    expect(parseEntryTokens(' \n# nothing', 'stdin')).toEqual([])
  })

  it('parseEntryTokens tells source and line of a wrong ENTRY', () => {
    expect(usageMessage(() => parseEntryTokens('0=1\n#\n1=2 2', 'stdin'))).toBe(
      'stdin:3: Cannot parse ENTRY "2": expected INDEXES=CPUS[@vm|@pm] such as 0-3=8-11',
    )
    usageMessage(() => parseEntryTokens('0=1#comment', 'stdin'))
  })

  timed('parseEntryTokens takes a million ENTRYs within seconds', () => {
    const text = Array.from({ length: 1_000_000 }, (_, i) => `${i % 65536}=${i % 64}`).join('\n')
    const spent = stopwatch()
    expect(parseEntryTokens(text, 'stdin')).toHaveLength(1_000_000)
    expect(spent()).toBeLessThan(10_000)
  })
})

describe('parseDeviceLines', () => {
  const read = (text: string) =>
    parseDeviceLines(text, 'f').map(({ bdf, entries }) => [bdf, entries.map(({ word }) => word)])

  it('parseDeviceLines merges lines of one device, in first-seen order', () => {
    const text = '82:00.0 0=1\n\n81:00.0 0=1 1=2 # x\n0000:82:00.0\t1=none'
    expect(read(text)).toEqual([
      ['0000:82:00.0', ['0=1', '1=none']],
      ['0000:81:00.0', ['0=1', '1=2']],
    ])
    expect(read('')).toEqual([])
  })

  it.each([
    ['81:00.0\n82:00.0 0=1', 'f:1: Cannot parse line "81:00.0": expected DEVICE ENTRY…'],
    ['81:00.0 0=1\n\n82:00.0 # 0=1\n', 'f:3: Cannot parse line "82:00.0": expected DEVICE ENTRY…'],
    ['81:00.0 0=1\n0=1', 'f:2: Cannot parse DEVICE "0=1"'],
    ['81:00.0 0=1\n81:00.0 82:00.0', 'f:2: Cannot parse ENTRY "82:00.0"'],
    ['\n81:00.0 0=1,', 'f:2: Cannot parse CPU list "1,"'],
    ['81:00.0\n# c\nx', 'f:1: Cannot parse line'],
  ])('parseDeviceLines of %j tells the line', (text, message) => {
    expect(usageMessage(() => parseDeviceLines(text, 'f'))).toContain(message)
  })

  it('parseDeviceLines throws nothing but UsageError', () => {
    fc.assert(
      fc.property(wordsOf('018:.=,-@vm# \n'), (text) => {
        valueOrUsageError(() => parseDeviceLines(text, 'f'))
        valueOrUsageError(() => parseDeviceLines(`81:00.0 ${text}`, 'f'))
      }),
      { numRuns: 2000 },
    )
  })

  timed('parseDeviceLines takes a million lines within seconds', () => {
    const line = (i: number) => `0000:${(i % 90) + 10}:00.0 ${i % 2048}=${i % 64}`
    const text = Array.from({ length: 1_000_000 }, (_, i) => line(i)).join('\n')
    const spent = stopwatch()
    expect(parseDeviceLines(text, 'f')).toHaveLength(90)
    expect(spent()).toBeLessThan(10_000)
  })
})
