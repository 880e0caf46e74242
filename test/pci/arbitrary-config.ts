import * as fc from 'fast-check'
import type { ConfigParts } from './build-config.ts'

const u32 = fc.integer({ min: 0, max: 0xffffffff })
const flags = fc.integer({ min: 0, max: 0xffff }).map((value) => value & 0xc7ff)

/** Distinct multiples of 0x40 from `from`, in any order: places with room for a capability. */
function places(from: number, count: number): fc.Arbitrary<number[]> {
  const place = fc.integer({ min: 0, max: count - 1 }).map((i) => from + 0x40 * i)
  return fc.uniqueArray(place, { minLength: 1, maxLength: count })
}

const msix = fc.record({ id: fc.constant(0x11), flags, dwords: fc.tuple(u32, u32) })
const conventional = fc.oneof(msix, fc.record({ id: fc.constant(0x01), flags: fc.constant(3) }))
const tph = fc.record({
  id: fc.constant(0x17),
  dwords: fc.tuple(
    u32.map((cap) => cap & 0x07ff0707),
    u32,
  ),
})
const extended = fc.oneof(tph, fc.record({ id: fc.constantFrom(0x03, 0x18) }))

/** A PCIe endpoint or root port: well-formed chains in any order over MSI-X, PM, TPH, DSN and LTR. */
export const pcieFunction: fc.Arbitrary<ConfigParts> = fc
  .record({
    low: places(0x80, 2),
    lows: fc.tuple(conventional, conventional),
    high: places(0x140, 20),
    highs: fc.array(extended, { minLength: 20, maxLength: 20 }),
    port: fc.boolean(),
    completer: fc.constantFrom(0, 0x1000, 0x3000),
  })
  .map(({ low, lows, high, highs, port, completer }) => ({
    headerType: port ? 1 : 0,
    classRevision: port ? 0x06040000 : 0x02000000,
    capabilities: [
      {
        offset: 0x40,
        id: 0x10,
        flags: port ? 0x42 : 0x02,
        dwords: [0, 0, 0, 0, 0, 0, 0, 0, completer],
      },
      ...low.map((offset, i) => ({ id: 0x01, ...lows[i], offset })),
    ],
    extended: [
      { offset: 0x100, id: 0x03 },
      ...high.map((offset, i) => ({ id: 0x18, ...highs[i], offset })),
    ],
  }))
