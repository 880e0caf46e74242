import { parseBdf } from '../../../src/args/bdf.ts'
import { bdfNumber, NO_BDF } from '../../../src/args/bdf-number.ts'
import { formatNumberList, parseNumberList } from '../../../src/args/cpu-list.ts'
import { parseCpuSelector, parseEntry } from '../../../src/args/entry.ts'
import { EntryList } from '../../../src/args/entry-list.ts'
import { formatPatterns } from '../../../src/args/format-patterns.ts'
import { parseSeconds } from '../../../src/args/seconds.ts'
import { valueIn } from '../refusal.ts'
import { bytesOf, promise, promiseSame, type Target, textOf } from '../target.ts'
import { numbersOf } from './number-oracle.ts'

const MAX = 65535
const LIST_WORDS = ['-', ',', ':', '/', '0-3', '8', '0-15:2/4', '65535', '65536', '0-65535:1/2']
const LISTS = ['0', '0-3,8', '0-15:2/4', '7,6,5', '0-65535', '1-10:1/3,4,4', '00007', '0-']

/** CPU lists, against another reader of them, and written anew. */
export const cpuList: Target = {
  name: 'cpu-list',
  share: 60,
  longest: 64,
  microsecondsPerByte: 30,
  seeds: () => LISTS.map(bytesOf),
  words: LIST_WORDS,
  run(input) {
    const word = textOf(input)
    const numbers = valueIn(() => parseNumberList(word, 'CPU list', MAX))
    const expected = numbersOf(word, MAX)
    promise((numbers === null) === (expected === null), 'read by one of two readers only')
    if (numbers === null || expected === null) return
    promise(numbers.length === expected.length, 'two readers see another number of CPUs')
    promise(
      numbers.every((number, i) => number === expected[i]),
      'two readers see other CPUs',
    )
    if (numbers.length > 300) return
    const again = parseNumberList(formatNumberList(numbers), 'CPU list', MAX)
    promiseSame(again, numbers, 'a list that is written and read again')
    const sorted = [...new Set(numbers)].sort((a, b) => a - b)
    const pattern = parseNumberList(formatPatterns(sorted), 'CPU list', MAX)
    promiseSame(pattern, sorted, 'patterns that are written and read again')
  },
}

/** ENTRY words, the packed form against the other, and CPUS. */
export const entry: Target = {
  name: 'entry',
  share: 50,
  longest: 64,
  microsecondsPerByte: 30,
  seeds: () =>
    [
      '0=0',
      '0-3=8-11',
      '0-15:2/4=node:1@pm',
      '4=none',
      '7=local@vm',
      '0=l3:4294967295',
      '4095=65535@pm',
    ].map(bytesOf),
  words: ['=', '@vm', '@pm', 'none', 'local', 'node:', 'l3:', '@', ...LIST_WORDS],
  run(input) {
    const word = textOf(input)
    const parsed = valueIn(() => parseEntry(word))
    if (parsed !== null) {
      const { indexes, cpus, memoryType } = parsed
      promise(indexes.length > 0 && indexes.length <= MAX + 1, 'no or too many indexes')
      promise(new Set(indexes).size === indexes.length, 'an index twice')
      promise(
        indexes.every((index) => Number.isInteger(index) && index >= 0 && index <= MAX),
        'an index out of bounds',
      )
      promise(cpus.kind !== 'none' || memoryType === null, 'none has a memory type')
      const number = cpus.kind === 'node' ? cpus.node : cpus.kind === 'l3' ? cpus.l3 : 0
      promise(Number.isInteger(number) && number >= 0 && number <= 2 ** 32, 'a node out of bounds')
    }
    const list = new EntryList()
    const bytes = bytesOf(word)
    if (!list.pushPlain(bytes, 0, bytes.length)) return promise(list.length === 0, 'half an entry')
    promiseSame([...list], [parsed], 'the packed form of an ENTRY')
    valueIn(() => parseCpuSelector(word))
    valueIn(() => parseSeconds(word, 'time'))
  },
}

/** DEVICE words, and the numbers that stand for them. */
export const bdf: Target = {
  name: 'bdf',
  share: 150,
  longest: 80,
  microsecondsPerByte: 2,
  seeds: () =>
    [
      '81:00.0',
      '0000:81:00.0',
      '10000:e1:1f.7',
      '00010000:00:00.0',
      '/sys/bus/pci/devices/0000:81:00.0/',
      'FFFF:FF:1F.7',
    ].map(bytesOf),
  words: ['0000:', '81:', '00.0', '/', '..', ':', '.', 'ffffffff', '\n'],
  run(input) {
    const number = bdfNumber(input, 0, input.length)
    const word = textOf(input)
    const parsed = valueIn(() => parseBdf(word))
    if (parsed === null) return promise(number === NO_BDF, 'a number for what is no address')
    promise(
      /^(?:[1-9a-f][0-9a-f]{4,7}|[0-9a-f]{4}):[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/.test(parsed),
      'not as sysfs spells it',
    )
    promise(parseBdf(parsed) === parsed, 'another address when it is read again')
    if (number === NO_BDF) return
    const bytes = bytesOf(parsed)
    promise(bdfNumber(bytes, 0, bytes.length) === number, 'two numbers of one address')
    promise(!(parsed.length > 12) && number >= 0 && number < 2 ** 32, 'a number out of bounds')
  },
}
