/** Stands for no address. */
export const NO_BDF = -1

const COLON = 0x3a
const DOT = 0x2e
/** The value of each byte as a lower-case hexadecimal digit; negative for none. */
const DIGITS = Int8Array.from({ length: 256 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code)),
)

/**
 * A number for an address that is written `dddd:bb:dd.f` or `bb:dd.f` in lower case: the same for both, another one for every other
 * address. Hot: a stream of entries names the same few devices a million times.
 *
 * @returns NO_BDF for every other word, also for those that `parseBdf` reads
 */
export function bdfNumber(bytes: Uint8Array, start: number, end: number): number {
  const at = end - 7
  const isLong = at === start + 5 && bytes[start + 4] === COLON
  if (!(isLong || at === start) || bytes[at + 2] !== COLON || bytes[at + 5] !== DOT) return NO_BDF
  const domain = isLong ? hexPair(bytes, start) * 256 + hexPair(bytes, start + 2) : 0
  const bus = hexPair(bytes, at)
  const device = hexPair(bytes, at + 3)
  const fn = DIGITS[bytes[at + 6] ?? 0] ?? NO_BDF
  // A digit that is none makes any of them negative, or infinitely so the domain.
  if (domain < 0 || bus < 0 || device < 0 || device > 0x1f || fn < 0 || fn > 7) return NO_BDF
  return domain * 0x10000 + (bus << 8) + (device << 3) + fn
}

function hexPair(bytes: Uint8Array, at: number): number {
  const high = DIGITS[bytes[at] ?? 0] ?? -1
  const low = DIGITS[bytes[at + 1] ?? 0] ?? -1
  return high < 0 || low < 0 ? Number.NEGATIVE_INFINITY : 16 * high + low
}
