import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compact } from '../../../src/backend/mock/compact.ts'
import type { StateRecord } from '../../../src/backend/mock/journal-format.ts'

const SIZE = 8

const record: fc.Arbitrary<StateRecord> = fc
  .record({
    host: fc.constantFrom('a', 'b'),
    bdf: fc.constantFrom('0000:01:00.0', '0000:02:00.0'),
    region: fc.constantFrom('config', 'kept'),
    offset: fc.nat(SIZE - 1),
    bytes: fc.uint8Array({ minLength: 1, maxLength: SIZE }),
  })
  .map((one) => ({ ...one, bytes: one.bytes.subarray(0, SIZE - one.offset) }))

function replay(records: readonly StateRecord[]): Map<string, number[]> {
  const memories = new Map<string, number[]>()
  for (const { host, bdf, region, offset, bytes } of records) {
    const key = `${host} ${bdf} ${region}`
    const memory = memories.get(key) ?? Array<number>(SIZE).fill(-1)
    memory.splice(offset, bytes.length, ...bytes)
    memories.set(key, memory)
  }
  return memories
}

it('compact() leaves the state that replaying gives', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), (records) => {
      const kept = compact(records)
      const entries = [...replay(records)].sort()
      expect([...replay(kept)].sort()).toEqual(entries)
      expect(kept.length).toBeLessThanOrEqual(records.length)
    }),
  )
})

it('compact() keeps the last of records of the same bytes alone', () => {
  const same = [1, 2, 3].map((byte) => ({
    host: 'a',
    bdf: '0000:01:00.0',
    region: 'kept' as const,
    offset: 0,
    bytes: Uint8Array.of(byte),
  }))
  expect(compact(same)).toEqual([same[2]])
})
