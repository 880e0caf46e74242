import { parseBdf } from '../../../src/args/bdf.ts'
import { parseEntry } from '../../../src/args/entry.ts'
import {
  parseDeviceLines,
  parseEntryTokens,
  readDeviceLines,
  readEntries,
  tokens,
} from '../../../src/args/entry-stream.ts'
import { parseHoldFile } from '../../../src/args/hold-file.ts'
import type { TphctlError } from '../../../src/errors.ts'
import { answerOf, valueIn } from '../refusal.ts'
import { bytesOf, promise, promiseSame, type Target, textOf } from '../target.ts'
import { inPieces } from './pieces.ts'

const WORDS = ['\n', ' ', '\t', '\r\n', '\f', '#', '0=0', '1=none', '2-3=4-5@pm', '81:00.0']
const MORE_WORDS = ['0000:81:00.0', '82:00.0 0=1\n', '=', '# a comment\n', '\u00a0', '\ufeff']
const LINES = '81:00.0 0=1 1=2 # two\n0000:81:00.0 2=none\n\n10000:82:00.0 0-3=8-11@pm\n'

/** Numbers that an input may stand for: `2-65535=0` names 65,534 indexes, and the checks go through them several times. */
const MOST_NUMBERS = 150_000
const LAST_NUMBER = 65_535

/** Whether the ranges of a text, of those that are not refused, stand for more numbers than are tried here. */
function isWide(text: string): boolean {
  let numbers = 0
  for (const [, first, last] of text.matchAll(/(\d+)-(\d+)/g))
    if (Number(last) <= LAST_NUMBER) numbers += Math.max(0, Number(last) - Number(first))
  return numbers > MOST_NUMBERS
}

/** What either of two ways of reading came to. */
type Read = { readonly value: unknown } | { readonly error: TphctlError }

function told(read: Read): unknown {
  return 'value' in read ? read.value : [read.error.message, read.error.hint]
}

/** Words and their lines, as the README tells them: lines, comments, white space. */
function wordsOf(text: string): { readonly word: string; readonly line: number }[] {
  return text.split('\n').flatMap((line, i) => {
    const words = line.split(/[ \t\r\f]+/).filter((word) => word !== '')
    const comment = words.findIndex((word) => word.startsWith('#'))
    return words
      .slice(0, comment < 0 ? words.length : comment)
      .map((word) => ({ word, line: i + 1 }))
  })
}

/** Tells a place in front of what is wrong. */
function located<T>(line: number, parse: () => T): T {
  const answer = answerOf(parse)
  if ('value' in answer) return answer.value
  answer.error.message = `stdin:${line}: ${answer.error.message}`
  throw answer.error
}

/** ENTRYs on standard input: in pieces and whole, against words that are cut in another way. */
export const entryStream: Target = {
  name: 'entry-stream',
  share: 6,
  longest: 400,
  microsecondsPerByte: 30,
  seeds: () => ['0=0 1=1\n2-3=4 # rest', '# nothing\n', '0=none\t1=2@pm\r\n', LINES].map(bytesOf),
  words: [...WORDS, ...MORE_WORDS],
  run(input) {
    const text = textOf(input)
    if (isWide(text)) return
    const bytes = bytesOf(text)
    promiseSame(tokens(text), wordsOf(text), 'words')
    const whole = answerOf(() => parseEntryTokens(text, 'stdin'))
    const parts = answerOf(() => [...readEntries(inPieces(bytes), 'stdin')])
    promiseSame(told(parts), told(whole), 'ENTRYs in pieces and whole')
    const one = answerOf(() =>
      wordsOf(text).map(({ word, line }) => located(line, () => parseEntry(word))),
    )
    promiseSame(told(one), told(whole), 'ENTRYs one by one and together')
  },
}

/** Lines `DEVICE ENTRY…`: in pieces and whole, against devices that are gathered in another way. */
export const deviceLines: Target = {
  name: 'device-lines',
  share: 8,
  longest: 400,
  microsecondsPerByte: 30,
  seeds: () => [LINES, '81:00.0\n', '81:00.0 0=0\n82:00.0 1=1', 'FFFF:81:00.0 0=0'].map(bytesOf),
  words: [...WORDS, ...MORE_WORDS],
  run(input) {
    const text = textOf(input)
    if (isWide(text)) return
    const whole = answerOf(() => parseDeviceLines(text, 'stdin'))
    const parts = answerOf(() =>
      readDeviceLines(inPieces(bytesOf(text)), 'stdin').map(({ bdf, entries }) => {
        return { bdf, entries: [...entries] }
      }),
    )
    promiseSame(told(parts), told(whole), 'lines in pieces and whole')
    if ('error' in whole) return
    const gathered = new Map<string, unknown[]>()
    for (const line of text.split('\n')) {
      const [device, ...entries] = wordsOf(line)
      if (device === undefined) continue
      const bdf = parseBdf(device.word)
      promise(entries.length > 0, 'a line without an ENTRY')
      const all = gathered.get(bdf) ?? []
      for (const { word } of entries) all.push(parseEntry(word))
      gathered.set(bdf, all)
    }
    const expected = Array.from(gathered, ([bdf, entries]) => ({ bdf, entries }))
    promiseSame(whole.value, expected, 'devices that are gathered line by line')
  },
}

const HELD = [['0000:81:00.0'], ['0000:81:00.0', '0000:82:00.0'], []] as const

/** The file of `hold`, of one device, of two, and of none. */
export const holdFile: Target = {
  name: 'hold-file',
  share: 8,
  longest: 400,
  microsecondsPerByte: 60,
  seeds: () => ['0=0 1=1\n', LINES, '# nothing\n', '82:00.0 0=0'].map(bytesOf),
  words: [...WORDS, ...MORE_WORDS],
  run(input) {
    const text = textOf(input)
    if (isWide(text)) return
    for (const held of HELD) {
      const devices = valueIn(() => parseHoldFile(text, 'FILE', held)) ?? []
      promise(
        devices.every(({ bdf }) => (held as readonly string[]).includes(bdf)),
        'a device that is not held',
      )
    }
  },
}
