import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fingerprint } from '../../../src/backend/mock/fingerprint.ts'

function fingerprintOf(...pieces: readonly Uint8Array[]): string {
  const fingerprint = new Fingerprint()
  for (const piece of pieces) fingerprint.update(piece)
  return fingerprint.digest()
}

const utf8 = (text: string) => new TextEncoder().encode(text)

describe('Fingerprint', () => {
  it.each([
    ['', '811c9dc5'],
    ['a', 'e40c292c'],
    ['foobar', 'bf9cf968'],
  ])('of %j begins with its FNV-1a hash, as published', (text, hash) => {
    expect(fingerprintOf(utf8(text))).toMatch(new RegExp(`^${hash}[0-9a-f]{8}$`))
  })

  it('is the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(), (bytes, at) => {
        const cut = at % (bytes.length + 1)
        expect(fingerprintOf(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(
          fingerprintOf(bytes),
        )
      }),
    )
  })

  it('is another one for every change of one byte of a dump, and of two that FNV-1a alone cannot tell apart', () => {
    const dump = utf8('81:00.0 Ethernet controller\n00: 86 80 92 15 00 00 10 00\n')
    const seen = new Set([fingerprintOf(dump)])
    for (let at = 0; at < dump.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = dump.slice()
        changed[at] = (changed[at] ?? 0) ^ (1 << bit)
        seen.add(fingerprintOf(changed))
      }
    }
    expect(seen.size).toBe(1 + 8 * dump.length)
    const [one, other] = ['costarring', 'liquid'].map((text) => fingerprintOf(utf8(text)))
    expect(one?.slice(0, 8)).toBe(other?.slice(0, 8))
    expect(one).not.toBe(other)
  })
})
