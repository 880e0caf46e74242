import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteImage } from '../../src/pci/byte-image.ts'
import { putHexRow } from '../../src/pci/hex-row.ts'

const CAPACITY = 4096
/** A row as lspci writes it (pciutils lspci.c, show_hex_dump). */
const rowText = (offset: number, bytes: readonly number[]) =>
  `${offset.toString(16).padStart(2, '0')}: ${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`
const COUNTED = Array.from({ length: 16 }, (_, i) => i * 17)
const PLAIN = rowText(0, COUNTED)

/** Whether a line, between others in a buffer, is taken, and what the image has then. */
function put(line: string): { isTaken: boolean; bytes: number[]; missing: unknown } {
  const image = new ByteImage(CAPACITY)
  const bytes = Buffer.from(`\n${line}\n`, 'latin1')
  const isTaken = putHexRow(bytes, 1, bytes.length - 1, image)
  const { bytes: taken, missing } = image.take()
  return { isTaken, bytes: [...taken], missing }
}

describe('putHexRow()', () => {
  it('takes a row of lspci with its offset and its 16 bytes, in either case', () => {
    const rows = fc.tuple(
      fc.nat(CAPACITY / 16 - 1),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    )
    fc.assert(
      fc.property(rows, fc.boolean(), ([row, bytes], isUpper) => {
        const image = new ByteImage(CAPACITY)
        const text = rowText(16 * row, [...bytes])
        const line = Buffer.from(isUpper ? text.toUpperCase() : text)
        expect(putHexRow(line, 0, line.length, image)).toBe(true)
        for (let offset = 0; offset < 16 * row; offset++) image.put(offset, 0)
        const { bytes: taken, missing } = image.take()
        expect(missing).toBeNull()
        expect([...taken.subarray(16 * row)]).toEqual([...bytes])
      }),
    )
  })

  it('takes the bytes of the line alone, whatever stands around it', () => {
    expect(put(PLAIN)).toEqual({ isTaken: true, bytes: COUNTED, missing: null })
  })

  it.each([
    ['an offset of one digit', PLAIN.slice(1)],
    ['an offset of four digits', `00${PLAIN}`],
    ['an offset that is no number', PLAIN.replace('00:', '0g:')],
    ['an offset whose bytes would end beyond 4096', rowText(0xff1, COUNTED)],
    ['no colon', PLAIN.replace(':', ' ')],
    ['no blank behind the colon', PLAIN.replace(': ', ':0')],
    ['15 bytes', PLAIN.slice(0, -3)],
    ['17 bytes', `${PLAIN} 00`],
    ['a byte that begins with no digit', PLAIN.replace('11', 'g1')],
    ['a byte that ends with no digit', PLAIN.replace('11', '1g')],
    ['a first byte that is none', PLAIN.replace(': 00', ': x0')],
    ['a last byte that is none', PLAIN.replace(/ff$/, 'f.')],
    ['another sign between two bytes', PLAIN.replace('11 22', '11_22')],
    ['a carriage return at its end', `${PLAIN}\r`],
    ['no letter', ''],
  ])('leaves a line with %s to those who read any line, and takes nothing of it', (_what, line) => {
    expect(put(line)).toEqual({ isTaken: false, bytes: [], missing: null })
  })

  it('takes the last row that fits', () => {
    expect(put(rowText(0xff0, COUNTED))).toMatchObject({ isTaken: true, missing: [0, 0xfef] })
  })
})
