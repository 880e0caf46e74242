import { describe, expect, it } from 'vitest'
import { walkExtendedCapabilities } from '../../src/pci/capabilities.ts'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import type { ConfigParts } from './build-config.ts'
import { configOf, seen } from './chain-words.ts'

const extended = (parts: ConfigParts) => seen(walkExtendedCapabilities(configOf(parts)))

describe('walkExtendedCapabilities()', () => {
  const aer = { offset: 0x100, id: 1, version: 2 }
  const tph = { offset: 0x200, id: 0x17 }

  it('reads id, version and offset, and runs backwards where the chain does', () => {
    const parts = { extended: [aer, { offset: 0xffc, id: 0x18 }, tph] }
    expect(walkExtendedCapabilities(configOf(parts))).toEqual({
      end: 'complete',
      capabilities: [
        { id: 1, version: 2, offset: 0x100 },
        { id: 0x18, version: 1, offset: 0xffc },
        { id: 0x17, version: 1, offset: 0x200 },
      ],
    })
  })

  it.each([
    ['zeros', {}, ['complete']],
    [
      'a null header with a next pointer',
      { extended: [{ offset: 0x100, id: 0, version: 0 }, tph] },
      ['complete', '17@200'],
    ],
    [
      'a null header in the middle',
      { extended: [aer, { offset: 0x140, id: 0 }, tph] },
      ['complete', '1@100', '17@200'],
    ],
    [
      'a null header without a next',
      { extended: [{ offset: 0x100, id: 0, version: 1 }] },
      ['complete'],
    ],
    ['a pointer to zeros', { extended: [{ ...aer, next: 0x300 }] }, ['complete', '1@100']],
    [
      'a pointer to all ones',
      { extended: [aer, { offset: 0x200, id: 0xffff, version: 0xf, next: 0xfff }] },
      ['complete', '1@100'],
    ],
    [
      'an unaligned next',
      { extended: [{ ...aer, next: 0x203 }, tph] },
      ['complete', '1@100', '17@200'],
    ],
    ['a next of 1 to 3', { extended: [{ ...aer, next: 2 }] }, ['complete', '1@100']],
    ['a next below 0x100', { extended: [{ ...aer, next: 0x40 }] }, ['broken', '1@100']],
    ['a loop onto itself', { extended: [{ ...aer, next: 0x100 }] }, ['loop', '1@100']],
    ['a loop of two', { extended: [aer, { ...tph, next: 0x100 }] }, ['loop', '1@100', '17@200']],
    ['a loop of null headers', { extended: [{ offset: 0x100, id: 0, next: 0x100 }] }, ['loop']],
    [
      'the last header there can be',
      {
        extended: [
          { ...aer, next: 0xfff },
          { offset: 0xffc, id: 3 },
        ],
      },
      ['complete', '1@100', '3@ffc'],
    ],
    ['a dump that stops before the next', { extended: [aer, tph], size: 0x200 }, ['cut', '1@100']],
    ['a dump that stops inside a header', { extended: [aer, tph], size: 0x203 }, ['cut', '1@100']],
    ['256 bytes', { extended: [aer], size: 256 }, ['cut']],
    ['0x103 bytes', { extended: [aer], size: 0x103 }, ['cut']],
    ['0x104 bytes', { extended: [aer], size: 0x104 }, ['complete', '1@100']],
  ] satisfies [string, ConfigParts, string[]][])(
    'ends as it should with %s',
    (_, parts, expected) => {
      expect(extended(parts)).toEqual(expected)
    },
  )

  it('ends at once where extended space reads all ones', () => {
    const config = new ConfigSpace(new Uint8Array(4096).fill(0xff))
    expect(walkExtendedCapabilities(config)).toEqual({ capabilities: [], end: 'complete' })
  })

  it('visits a full chain of 960 once each', () => {
    const chain = Array.from({ length: 960 }, (_, i) => ({ offset: 0x100 + 4 * i, id: 0x18 }))
    expect(extended({ extended: chain })).toHaveLength(961)
  })
})
