import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyChange,
  differences,
  LazyCopy,
  type Memory,
} from '../../../src/backend/mock/memory.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length, max: 3 })
const memory: fc.Arbitrary<Memory> = fc.record({
  config: bytes(6),
  msix: bytes(4),
  vectors: bytes(2),
  kept: bytes(5),
})
const empty = new Uint8Array(0)

describe('differences()', () => {
  it('applied to the one memory give the other', () => {
    fc.assert(
      fc.property(memory, memory, (before, after) => {
        const changed = structuredClone(before)
        for (const change of differences(before, after)) applyChange(changed, change)
        expect(changed).toEqual(after)
      }),
    )
  })

  it('are none of equal memory and one of each piece that differs', () => {
    const before = {
      config: new Uint8Array(4),
      msix: new Uint8Array(4),
      vectors: empty,
      kept: empty,
    }
    expect(differences(before, structuredClone(before))).toEqual([])
    const after = { ...before, config: Uint8Array.of(0, 1, 0, 2), msix: Uint8Array.of(3, 0, 0, 0) }
    expect(differences(before, after)).toEqual([
      { region: 'config', offset: 1, bytes: Uint8Array.of(1, 0, 2) },
      { region: 'msix', offset: 0, bytes: Uint8Array.of(3) },
    ])
  })
})

describe('applyChange()', () => {
  it.each([-1, 4, 0xffffffff])('rejects bytes at %i of 4', (offset) => {
    const small = { config: new Uint8Array(4), msix: empty, vectors: empty, kept: empty }
    const change = { region: 'config', offset, bytes: Uint8Array.of(1) } as const
    expect(() => applyChange(small, change)).toThrow(RangeError)
  })
})

describe('LazyCopy', () => {
  it('shares nothing that was looked at, and tells what was done to it', () => {
    const byte = () => new Uint8Array(1)
    const one = { config: byte(), msix: byte(), vectors: byte(), kept: byte() }
    const copy = new LazyCopy(one)
    expect(copy.changes()).toEqual([])
    copy.config[0] = copy.msix[0] = copy.vectors[0] = copy.kept[0] = 9
    expect([one.config[0], one.msix[0], one.vectors[0], one.kept[0]]).toEqual([0, 0, 0, 0])
    expect([copy.config[0], copy.msix[0], copy.vectors[0], copy.kept[0]]).toEqual([9, 9, 9, 9])
    expect(copy.changes().map(({ region }) => region)).toEqual([
      'config',
      'msix',
      'vectors',
      'kept',
    ])
  })
})
