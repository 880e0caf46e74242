import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBdf } from '../../src/args/bdf.ts'
import { bdfNumber, NO_BDF } from '../../src/args/bdf-number.ts'
import { parseEntry } from '../../src/args/entry.ts'
import { EntryList } from '../../src/args/entry-list.ts'
import { readDeviceLines, readEntries } from '../../src/args/entry-stream.ts'
import { usageMessage } from './usage-error.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

/** Words that are plain, nearly plain, and not plain at all, all of them right. */
const word = fc.oneof(
  fc
    .tuple(fc.nat(5000), fc.nat(65535), fc.constantFrom('', '@vm', '@pm'))
    .map(([index, cpu, type]) => `${index}=${cpu}${type}`),
  fc.nat(5000).map((index) => `${index}=none`),
  fc.constantFrom('007=1', '7=01', '0=0', '00=0', '4095=65535', '4096=1', '0-3=8', '1=local'),
)

describe('EntryList', () => {
  it('gives back what parseEntry makes of each word', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        const list = readEntries([utf8(words.join(' '))], 'f')
        expect(list.length).toBe(words.length)
        expect([...list]).toEqual(words.map(parseEntry))
      }),
      { numRuns: 500 },
    )
  })

  it('sorts plain entries by index, and has no order of others', () => {
    const plain = readEntries([utf8('9=1@pm 0=none 70=3 8=2@vm')], 'f').sortedPlain()
    expect(
      Array.from({ length: plain?.length ?? 0 }, (_, i) => [
        plain?.indexAt(i),
        plain?.cpuAt(i),
        plain?.memoryTypeAt(i),
      ]),
    ).toEqual([
      [0, null, null],
      [8, 2, 'vm'],
      [9, 1, 'pm'],
      [70, 3, null],
    ])
    expect(readEntries([utf8('1=1 0-3=8')], 'f').sortedPlain()).toBeNull()
  })

  it('refuses what is not plain without taking it', () => {
    const list = new EntryList()
    for (const text of ['', '=', '1=', '=1', '1=1@', '1=1@xm', '1=nonee', '01=1', '1=65536']) {
      expect(list.pushPlain(utf8(text), 0, text.length)).toBe(false)
    }
    expect(list.length).toBe(0)
  })
})

describe('bdfNumber()', () => {
  const hex = (max: number, digits: number) =>
    fc.nat(max).map((value) => value.toString(16).padStart(digits, '0'))
  const short = fc
    .tuple(hex(0xff, 2), hex(0x1f, 2), fc.nat(7))
    .map(([bus, device, fn]) => `${bus}:${device}.${fn}`)

  it('is the same for the same address and another one for another', () => {
    const numberOf = (text: string) => bdfNumber(utf8(text), 0, text.length)
    fc.assert(
      fc.property(short, short, hex(0xffff, 4), (one, other, domain) => {
        expect(numberOf(one)).toBe(numberOf(`0000:${one}`))
        const [a, b] = [`${domain}:${one}`, other]
        expect(numberOf(a) === numberOf(b)).toBe(parseBdf(a) === parseBdf(b))
      }),
    )
  })

  it.each(['', '81:00.8', '81:20.0', '81:0g.0', '81:00:0', '10000:81:00.0', '0000-81:00.0', 'x'])(
    'is none for %j',
    (text) => {
      expect(bdfNumber(utf8(text), 0, text.length)).toBe(NO_BDF)
    },
  )
})

describe('readDeviceLines()', () => {
  it('reads the same however the text is cut into pieces', () => {
    const text = '81:00.0 0=1 # é\n\n0000:81:00.0 1=2@pm\n#x\n82:00.0 0-3=local\r\n'
    const bytes = utf8(text)
    const read = (size: number) => {
      const count = Math.ceil(bytes.length / size)
      const pieces = Array.from({ length: count }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      )
      return readDeviceLines(pieces, 'f').map(({ bdf, entries }) => [bdf, [...entries]])
    }
    const whole = read(bytes.length)
    expect(whole).toHaveLength(2)
    for (let size = 1; size < bytes.length; size++) expect(read(size)).toEqual(whole)
  })

  it('tells what is wrong with the text as a whole before what is wrong with a word', () => {
    function* pieces() {
      yield utf8('81:00.0 x\n')
      throw new RangeError('cannot be read')
    }
    expect(() => readDeviceLines(pieces(), 'f')).toThrow('cannot be read')
  })

  it.each(['81:00.0', '0000:81:00.0', '0000:81:00.0 # 3=1'])('names a bare line %s', (line) => {
    const text = `0000:81:00.0 0=1\n81:00.0 1=1\n${line}\n`
    const message = usageMessage(() => readDeviceLines([utf8(text)], 'f'))
    expect(message).toContain(`f:3: Cannot parse line "${line.replace(/ .*/, '')}"`)
  })
})
