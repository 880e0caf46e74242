import type { ByteImage } from './byte-image.ts'

const [COLON, SPACE] = [0x3a, 0x20]
/** How lspci writes a row: `00: ` to `ff0: `, and 16 bytes with a space before each but the first. */
const BYTES = 16
const TEXT_LENGTH = 3 * BYTES - 1
/** The value of each byte as a hexadecimal digit; negative for none. */
const DIGITS = Int8Array.from({ length: 256 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase()),
)

/**
 * Takes over a row of bytes as lspci itself writes it. Hot: nearly all of a dump is such rows, a million bytes of text every 80
 * functions.
 *
 * @returns false, with nothing taken over, for every other line
 */
export function putHexRow(line: Uint8Array, start: number, end: number, image: ByteImage): boolean {
  const first = end - TEXT_LENGTH
  const digits = first - 2 - start
  if (digits < 2 || digits > 3 || line[first - 2] !== COLON || line[first - 1] !== SPACE)
    return false
  let offset = 0
  for (let at = start; at < first - 2; at++) offset = 16 * offset + digitAt(line, at)
  if (!(offset >= 0 && offset + BYTES <= image.capacity)) return false
  for (let i = 0; i < BYTES; i++) {
    const at = first + 3 * i
    const byte = 16 * digitAt(line, at) + digitAt(line, at + 1)
    if (!(byte >= 0) || (i > 0 && line[at - 1] !== SPACE)) return false
    row[i] = byte
  }
  image.putRow(offset, row)
  return true
}

const row = new Uint8Array(BYTES)

/** @returns minus infinity for what is no digit, which makes every sum with it negative, or no number at all */
function digitAt(line: Uint8Array, at: number): number {
  const digit = DIGITS[line[at] ?? 0] ?? -1
  return digit < 0 ? Number.NEGATIVE_INFINITY : digit
}
