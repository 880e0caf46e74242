import { lineWords } from '../../../src/args/line-words.ts'
import { parseLineCall } from '../../../src/line-call.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { answerOf, refusal } from '../refusal.ts'
import { bytesOf, promise, promiseSame, type Target, textOf } from '../target.ts'

const LINES = [
  "set 81:00.0 0-3=4-7 '8=none'",
  'get 0000:81:00.0 0-3  # comment',
  'tphctl apply "a b.yaml" --diff',
  'plan 81:00.0 --cpus 0-3 --mem-type pm',
  'enable 81:00.0 --mode iv',
  'set - --json',
  "clear 81:00.0 0 ''",
]
const WORDS = ['set ', 'get ', 'list', 'info ', 'clear ', 'enable ', 'disable ', 'undo ', 'tag ']
const MORE_WORDS = [
  'plan ',
  'apply ',
  'export ',
  'batch',
  'help',
  '--help',
  '--json',
  '--',
  '-',
  '=',
]
const SIGNS = ["'", '"', '\\', '#', ' ', '\t', '81:00.0', '0=0', '-h', '--mode', '-o', '__proto__']

/** Words of a line, letter by letter: null where a quote is open at the end or a backslash is not within `'…'`, and for a NUL. */
function wordsOf(line: string): string[] | null {
  if (line.includes('\0')) return null
  const words: string[] = []
  let word: string | null = null
  let quote = ''
  for (let at = 0; at < line.length; at++) {
    const sign = line[at] ?? ''
    if (quote !== '') {
      if (sign === quote) quote = ''
      else if (sign === '\\' && quote === '"') return null
      else word = (word ?? '') + sign
    } else if (' \t\r\f\n'.includes(sign)) {
      if (word !== null) words.push(word)
      word = null
    } else if (sign === '#' && word === null) {
      break
    } else if (sign === "'" || sign === '"') {
      quote = sign
      word ??= ''
    } else if (sign === '\\') {
      return null
    } else word = (word ?? '') + sign
  }
  if (quote !== '') return null
  return word === null ? words : [...words, word]
}

/** Lines of a batch, cut into words. */
export const lineSplit: Target = {
  name: 'line-words',
  share: 150,
  longest: 120,
  microsecondsPerByte: 2,
  seeds: () => LINES.map(bytesOf),
  words: SIGNS,
  run(input) {
    const line = textOf(input)
    const answer = answerOf(() => lineWords(line))
    promiseSame('value' in answer ? answer.value : null, wordsOf(line), 'the words of a line')
    if ('value' in answer) return
    const isBackslash = /backslash/.test(answer.error.message)
    promise(!isBackslash || line.includes('\\'), 'no backslash is there')
  },
}

/** Lines of a batch, parsed as calls. */
export const batchLine: Target = {
  name: 'batch-line',
  share: 4,
  longest: 120,
  microsecondsPerByte: 30,
  seeds: () => LINES.map(bytesOf),
  words: [...WORDS, ...MORE_WORDS, ...SIGNS],
  async run(input) {
    try {
      const words = lineWords(textOf(input))
      if (words.length > 0) await parseLineCall(words, fakeIo().io)
    } catch (error) {
      promise(refusal(error).code === 'usage', 'another exit code than that of wrong usage')
    }
  },
}
