import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLspciDump, parseLspciDump, readLspciDump } from '../../src/pci/lspci-dump.ts'
import { nthBdf } from './nth-bdf.ts'

const parse = (text: string) => parseLspciDump(text, 'host.txt')
const only = (text: string) => parse(text).functions[0]
const bytesOf = (text: string) => Array.from(only(text)?.bytes ?? [])

describe('parseLspciDump() takes a headline', () => {
  it.each([
    ['04:00.0 Ethernet', '0000:04:00.0', 'Ethernet'],
    ['0000:6a:01.7 Class 0880: Device 8086:0b25', '0000:6a:01.7', 'Class 0880: Device 8086:0b25'],
    ['ABCD:EF:1F.0 X', 'abcd:ef:1f.0', 'X'],
    ['10000:e1:00.0 NVMe', '10000:e1:00.0', 'NVMe'],
    ['00010000:e1:00.0 NVMe', '10000:e1:00.0', 'NVMe'],
    ['ffffffff:00:00.0 X', 'ffffffff:00:00.0', 'X'],
    ['00:00.0 ', '0000:00:00.0', ''],
    ['00:00.0', '0000:00:00.0', ''],
  ])('%s', (line, bdf, title) => {
    expect(parse(`${line}\n`)).toEqual({
      functions: [{ bdf, title, bytes: new Uint8Array(0), line: 1 }],
      notes: [],
    })
  })

  it.each([
    '000:00:00.0 X',
    '000000000:00:00.0 X',
    '0:00.0 X',
    '00:0.0 X',
    '00:00.0X',
    ' 00:00.0 X',
    '00:00:00.0 X',
  ])('but not "%s"', (line) => {
    expect(() => parse(line)).toThrow('holds no lspci')
  })
})

describe('parseLspciDump() takes bytes', () => {
  it.each([
    ['of one line', '00:00.0 X\n00: 86 80\n', [0x86, 0x80]],
    ['in capitals', '00:00.0 X\n00: AB cD\n', [0xab, 0xcd]],
    ['without a last newline', '00:00.0 X\n00: 86 80', [0x86, 0x80]],
    ['with CRLF', '00:00.0 X\r\n00: 86\r\n01: 80\r\n', [0x86, 0x80]],
    ['with a byte order mark', '\uFEFF00:00.0 X\n00: 86\n', [0x86]],
    ['with trailing blanks', '00:00.0 X\n00: 86 80  \t\n02: 01 \n', [0x86, 0x80, 1]],
    ['with long offsets', '00:00.0 X\n00000000: 86\n', [0x86]],
    ['in any order', '00:00.0 X\n02: 03 04\n00: 01 02\n', [1, 2, 3, 4]],
    ['twice, the later winning', '00:00.0 X\n00: 01 02 03\n01: 05\n', [1, 5, 3]],
    [
      'with text of -v between',
      '00:00.0 X\n\tFlags: fast\n00: 01\n\tCapabilities: <?>\n01: 02',
      [1, 2],
    ],
    ['none, of an empty line of bytes', '00:00.0 X\n00: \n10:\n', []],
  ])('%s', (_, text, bytes) => {
    expect(bytesOf(text)).toEqual(bytes)
    expect(parse(text).notes).toEqual([])
  })

  it('up to the last of 4096', () => {
    const lines = Array.from({ length: 4096 }, (_, i) => `${i.toString(16).padStart(3, '0')}: a5`)
    expect(only(`00:00.0 X\n${lines.join('\n')}`)?.bytes).toEqual(new Uint8Array(4096).fill(0xa5))
  })

  it('of several functions, with or without an empty line between, after text to ignore', () => {
    const text =
      'from: me\n00: zz\n\n00:00.0 A\n00: 01\n\n00:00.1 B\n00: 02\n0001:00:00.0 C\n00: 03\n'
    const seen = parse(text).functions.map(({ bdf, line, bytes }) => [bdf, line, ...bytes])
    expect(seen).toEqual([
      ['0000:00:00.0', 4, 1],
      ['0000:00:00.1', 7, 2],
      ['0001:00:00.0', 9, 3],
    ])
    expect(parse(text).notes).toEqual([])
  })
})

describe('parseLspciDump() keeps what is whole and notes', () => {
  it.each([
    ['00: 01 02\n10: 03', [1, 2], '0x02-0x0f'],
    ['10: 03', [], '0x00-0x0f'],
    ['00: 01\n02: 01\n04: 01', [1], '0x01-0x01'],
    ['00: 01\nffc: 01', [1], '0x01-0xffb'],
  ])('a gap in %j', (lines, bytes, range) => {
    const { functions, notes } = parse(`\n00:00.0 X\n${lines}\n`)
    expect(Array.from(functions[0]?.bytes ?? [])).toEqual(bytes)
    expect(notes).toEqual([
      `host.txt:2: 0000:00:00.0 lacks bytes ${range}; those after are not used`,
    ])
  })

  it('bytes behind an empty line, once a function', () => {
    const one = (bdf: string) => `${bdf} X\n00: 01\n\n01: 02\n02: 03\n`
    const { functions, notes } = parse(one('00:00.0') + one('00:00.1'))
    expect(functions.map(({ bytes }) => Array.from(bytes))).toEqual([[1], [1]])
    expect(notes).toEqual([
      'host.txt:4: bytes behind an empty line are not used',
      'host.txt:9: bytes behind an empty line are not used',
    ])
  })
})

describe('formatLspciDump()', () => {
  it('writes what lspci -D -xxxx writes', () => {
    const bytes = Uint8Array.from({ length: 0x112 }, (_, i) => i & 0xff)
    const lines = formatLspciDump([{ bdf: '0000:04:00.0', title: 'NIC', bytes }]).split('\n')
    expect(lines[0]).toBe('0000:04:00.0 NIC')
    expect(lines[1]).toBe('00: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f')
    expect(lines[16]).toBe('f0: f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 fa fb fc fd fe ff')
    expect(lines.slice(17)).toEqual([
      '100: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f',
      '110: 10 11',
      '',
      '',
    ])
  })

  it('writes one block a function, without bytes too, and keeps a title on its line', () => {
    const bytes = Uint8Array.of(0xff)
    const functions = [
      { bdf: '0000:00:00.0', title: '', bytes: new Uint8Array(0) },
      { bdf: '0000:00:00.1', title: 'a\r\nb', bytes },
    ]
    expect(formatLspciDump(functions)).toBe('0000:00:00.0 \n\n0000:00:00.1 a b\n00: ff\n\n')
    expect(formatLspciDump(new Set())).toBe('')
  })

  it('is read back as it was', () => {
    const one = fc.record({
      bdf: fc.integer({ min: 0, max: 0xffff }).map(nthBdf),
      title: fc.stringMatching(/^[ -~]{0,40}$/),
      bytes: fc.uint8Array({ maxLength: 4096 }),
    })
    const several = fc.uniqueArray(one, { minLength: 1, maxLength: 5, selector: ({ bdf }) => bdf })
    fc.assert(
      fc.property(several, (functions) => {
        const again = parse(formatLspciDump(functions))
        expect(again.functions.map(({ line: _, ...rest }) => rest)).toEqual(functions)
      }),
    )
  })
})

describe('readLspciDump()', () => {
  const rows = Array.from({ length: 16 }, (_, row) => {
    const bytes = Array.from({ length: 16 }, (_, i) => (16 * row + i).toString(16).padStart(2, '0'))
    return `${(16 * row).toString(16).padStart(2, '0')}: ${bytes.join(' ')}`
  })

  it.each([
    ['as lspci writes it', (text: string) => text],
    [
      'with capital letters',
      (text: string) => text.replace(/: [0-9a-f ]+$/gm, (row) => row.toUpperCase()),
    ],
    ['with carriage returns', (text: string) => text.replaceAll('\n', '\r\n')],
    ['with blanks behind its rows', (text: string) => text.replaceAll('\n', ' \n')],
    ['with rows of three digits', (text: string) => text.replace(/^(?=\w\w: )/gm, '0')],
    ['without its last newline', (text: string) => text.trimEnd()],
  ])('reads a dump %s as parseLspciDump does, however it is cut', (_what, change) => {
    const text = change(
      `00:00.0 X\n${rows.join('\n')}\n\n00:01.0 Y\n${rows.slice(0, 4).join('\n')}\n`,
    )
    const bytes = new TextEncoder().encode(text)
    const whole = parse(text)
    expect(whole.functions.map((one) => one.bytes.length)).toEqual([256, 64])
    for (const size of [1, 7, 48, 100, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      )
      expect(readLspciDump(pieces, 'host.txt')).toEqual(whole)
    }
  })

  it.each([
    '00: 8',
    '10: 00 0g',
    '1000: 00',
    'ff8: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f',
  ])('refuses %j as parseLspciDump does', (line) => {
    const text = `00:00.0 X\n${line}\n`
    const pieces = [new TextEncoder().encode(text)]
    expect(() => readLspciDump(pieces, 'host.txt')).toThrow('Cannot read host.txt:2: ')
    expect(() => parse(text)).toThrow('Cannot read host.txt:2: ')
  })
})
