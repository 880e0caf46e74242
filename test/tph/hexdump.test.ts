import { describe, expect, it } from 'vitest'
import { hexdump } from '../../src/tph/hexdump.ts'
import { BDF, rigOf } from './scripted-host.ts'

describe('hexdump()', () => {
  /** The dump of a function whose config space begins with these bytes. */
  function dumpOf(bytes: readonly number[]): string[] {
    const [fn] = rigOf().backend.functions()
    if (fn === undefined) throw new RangeError('no function')
    const config = { bytes: Uint8Array.from(bytes), missing: 'not-in-dump' } as const
    const { device, hexdump: text } = hexdump({ ...fn, config })
    expect(device).toBe(BDF)
    return text.split('\n')
  }

  it('has the headline of lspci -n, and lines of 16 bytes, and an empty line behind', () => {
    const bytes = Array.from({ length: 32 }, (_, i) => i)
    expect(dumpOf(bytes)).toEqual([
      `${BDF} 0b0a: 1234:5678 (rev 08)`,
      '00: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f',
      '10: 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f',
      '',
      '',
    ])
  })

  it('has zeros in the headline where nothing is to be seen', () => {
    expect(dumpOf([])[0]).toBe(`${BDF} 0000: 1234:5678 (rev 00)`)
  })
})
