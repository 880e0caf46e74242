import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  findCapability,
  findExtendedCapability,
  walkCapabilities,
  walkExtendedCapabilities,
} from '../../src/pci/capabilities.ts'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { buildConfig, type ConfigParts, patched } from './build-config.ts'
import { configOf, seen } from './chain-words.ts'

const conventional = (parts: ConfigParts) => seen(walkCapabilities(configOf(parts)))

describe('walkCapabilities()', () => {
  const pm = { offset: 0x40, id: 1 }
  const express = { offset: 0xa0, id: 0x10 }

  it('follows the list in its order, forwards and backwards', () => {
    expect(conventional({ capabilities: [express, pm] })).toEqual(['complete', '10@a0', '1@40'])
  })

  it('gives conventional capabilities version 0', () => {
    expect(walkCapabilities(configOf({ capabilities: [pm] })).capabilities).toEqual([
      { id: 1, version: 0, offset: 0x40 },
    ])
  })

  it.each([
    ['no list', {}, ['complete']],
    ['a CardBus header, list at 0x14', { headerType: 2, capabilities: [pm] }, ['complete', '1@40']],
    ['a multifunction bridge', { headerType: 0x81, capabilities: [pm] }, ['complete', '1@40']],
    ['an unknown header type', { headerType: 3, capabilities: [pm] }, ['complete']],
    [
      'an unaligned next',
      { capabilities: [{ ...pm, next: 0xa3 }, express] },
      ['complete', '1@40', '10@a0'],
    ],
    ['a next of 1 to 3', { capabilities: [{ ...pm, next: 3 }] }, ['complete', '1@40']],
    ['a loop onto itself', { capabilities: [{ ...pm, next: 0x40 }] }, ['loop', '1@40']],
    [
      'a loop of two',
      { capabilities: [pm, { ...express, next: 0x40 }] },
      ['loop', '1@40', '10@a0'],
    ],
    ['a next into the header', { capabilities: [{ ...pm, next: 0x3c }] }, ['broken', '1@40']],
    [
      'a header of all ones',
      { capabilities: [pm, { offset: 0xa0, id: 0xff }] },
      ['broken', '1@40'],
    ],
    [
      'a dump without the next header',
      { capabilities: [pm, express], size: 0xa1 },
      ['cut', '1@40'],
    ],
    ['64 bytes', { capabilities: [pm], size: 64 }, ['cut']],
    ['no list pointer', { capabilities: [pm], size: 0x34 }, ['cut']],
    ['no header type', { size: 14 }, ['cut']],
    ['nothing', { size: 0 }, ['cut']],
    [
      'a last capability at 0xfc',
      { capabilities: [{ offset: 0xfc, id: 9 }] },
      ['complete', '9@fc'],
    ],
  ] satisfies [string, ConfigParts, string[]][])(
    'ends as it should with %s',
    (_, parts, expected) => {
      expect(conventional(parts)).toEqual(expected)
    },
  )

  it('masks the low two bits of the pointer in the header too', () => {
    const bytes = patched(buildConfig({ capabilities: [pm] }), { 52: 0x43 })
    expect(seen(walkCapabilities(new ConfigSpace(bytes)))).toEqual(['complete', '1@40'])
  })

  it('visits a full list of 48 once each', () => {
    const capabilities = Array.from({ length: 48 }, (_, i) => ({ offset: 0x40 + 4 * i, id: 9 }))
    expect(conventional({ capabilities })).toHaveLength(49)
  })

  it('has nothing to say of all ones', () => {
    expect(walkCapabilities(new ConfigSpace(new Uint8Array(256).fill(0xff))).capabilities).toEqual(
      [],
    )
  })
})

describe('findCapability(), findExtendedCapability()', () => {
  const config = configOf({
    capabilities: [
      { offset: 0x40, id: 9 },
      { offset: 0x50, id: 9 },
    ],
    extended: [
      { offset: 0x100, id: 1 },
      { offset: 0x200, id: 0x17 },
    ],
  })

  it('give the first offset with that id', () => {
    expect(findCapability(config, 9)).toBe(0x40)
    expect(findExtendedCapability(config, 0x17)).toBe(0x200)
  })

  it('give null where there is none', () => {
    expect(findCapability(config, 0x17)).toBeNull()
    expect(findExtendedCapability(config, 9)).toBeNull()
  })
})

describe('the walks', () => {
  it('end on any bytes, no header met twice and each within what is visible', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
        for (const walk of [walkCapabilities, walkExtendedCapabilities]) {
          const offsets = walk(new ConfigSpace(bytes)).capabilities.map(({ offset }) => offset)
          expect(new Set(offsets).size).toBe(offsets.length)
          expect(offsets.every((offset) => offset % 4 === 0 && offset + 2 <= bytes.length)).toBe(
            true,
          )
        }
      }),
    )
  })

  it('end on chains with any pointers', () => {
    const start = buildConfig({ capabilities: [{ offset: 0x40, id: 1 }] })
    const pointers = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 1023 }), fc.integer({ min: 0, max: 0xfff })),
      { maxLength: 300 },
    )
    fc.assert(
      fc.property(pointers, (links) => {
        const registers = links.map(([dword, next]) => [dword * 4, ((next << 20) | 0x10017) >>> 0])
        const bytes = patched(start, { 256: 0x10010001, ...Object.fromEntries(registers) })
        const { capabilities } = walkExtendedCapabilities(new ConfigSpace(bytes))
        expect(capabilities.length).toBeLessThanOrEqual(960)
      }),
    )
  })
})
