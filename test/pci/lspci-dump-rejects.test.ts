import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../src/errors.ts'
import { parseLspciDump } from '../../src/pci/lspci-dump.ts'
import { anyText } from '../args/words.ts'
import { stopwatch, timed } from '../helpers/timed.ts'
import { nthBdf } from './nth-bdf.ts'

const parse = (text: string) => parseLspciDump(text, 'host.txt')

describe('parseLspciDump() throws UsageError', () => {
  it.each([
    ['00: 8', '3: malformed byte "8"'],
    ['00: 86 8', '3: malformed byte "8"'],
    ['00: 86 800', '3: malformed byte "800"'],
    ['00: 86  80', '3: malformed byte ""'],
    ['00:  86', '3: malformed byte ""'],
    ['00: 86\t80', '3: malformed byte "86\\t80"'],
    ['00: 86 \u001b[31m', '3: malformed byte "\\u001b[31m"'],
    ['00: 86 \u009b2J', '3: malformed byte "\\u009b2J"'],
    ['00: 86 xx', '3: malformed byte "xx"'],
    ['00: 86 +1', '3: malformed byte "+1"'],
    ['00: 86 80 |..|', '3: malformed byte "|..|"'],
    ['00: 86 \u0661\u0661', '3: malformed byte "\u0661\u0661"'],
    ['1000: 00', '3: more than 4096 bytes of config space'],
    ['fff: 00 00', '3: more than 4096 bytes of config space'],
    ['ffffffff: 00', '3: more than 4096 bytes of config space'],
    ['0000:04:00.0 Y', '3: 0000:04:00.0 is already there on line 2'],
    ['04:20.0 Y', '3: device number "20" above 1f'],
    ['04:00.8 Y', '3: function number "8" above 7'],
  ])('for %j', (line, message) => {
    const error = caught(() => parse(`text\n04:00.0 X\n${line}\n`))
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toHaveProperty('message', `Cannot read host.txt:${message}`)
  })

  it.each(['', '\n\n', 'lspci: not found\n', '00: 86 80\n', '\0\0\0'])(
    'for the file %j',
    (text) => {
      const error = caught(() => parse(text))
      expect(error).toBeInstanceOf(UsageError)
      expect(error).toHaveProperty(
        'message',
        'Cannot read host.txt: holds no lspci -x, -xxx or -xxxx dump',
      )
    },
  )

  it('and nothing else, whatever the text', () => {
    const piece = fc.constantFrom(
      '00:00.0 X',
      '0000:01:1f.7 Y',
      '00: ',
      '10: 86 80',
      'fff: 01',
      '\n',
      '\r\n',
      ' ',
      '8',
      'g',
      '\0',
    )
    const text = fc.oneof(
      anyText(100),
      fc.array(piece).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, (garbage) => {
        const error = caught(() => parse(garbage))
        if (error instanceof Error) expect(error).toBeInstanceOf(UsageError)
      }),
      { numRuns: 500 },
    )
  })
})

describe('parseLspciDump() on megabytes', () => {
  const million = 1 << 20
  timed.each([
    ['one long line', `00:00.0 X\n00: ${'00 '.repeat(million)}`],
    ['one line of blanks', `00:00.0 X\n00: 00${' '.repeat(4 * million)}x`],
    ['one word of digits', '0'.repeat(4 * million)],
    ['carriage returns', '\r'.repeat(4 * million)],
    ['empty lines', '\n'.repeat(4 * million)],
    ['headlines', Array.from({ length: 1 << 16 }, (_, i) => `${nthBdf(i)}\nfff: 00\n`).join('')],
    ['text', '\tCapabilities: [40] Power\n'.repeat(million / 8)],
  ])('of %s takes less than two seconds', (_, text) => {
    const spent = stopwatch()
    const error = caught(() => parse(text))
    if (error instanceof Error) expect(error).toBeInstanceOf(UsageError)
    expect(spent()).toBeLessThan(2000)
  })
})

function caught(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
