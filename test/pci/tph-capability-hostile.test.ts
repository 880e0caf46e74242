import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { findTph } from '../../src/pci/tph-capability.ts'
import { buildConfig, patched } from './build-config.ts'
import { device } from './known-devices.ts'

describe('findTph() on any bytes', () => {
  const start = buildConfig(device(0x200, 0x003f0307, 8))

  it('does not throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
        expect(['absent', 'not-visible', null]).toContain(findTph(new ConfigSpace(bytes)).reason)
      }),
    )
  })

  it('does not throw or reach past the bytes with registers damaged', () => {
    const damage = fc.tuple(
      fc.integer({ min: 0, max: 1023 }),
      fc.integer({ min: 0, max: 0xffffffff }),
    )
    const length = fc.integer({ min: 0, max: 4096 })
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 40 }), length, (registers, size) => {
        const damaged = registers.map(([dword, value]) => [dword * 4, value])
        const bytes = patched(start, Object.fromEntries(damaged)).slice(0, size)
        const { tph } = findTph(new ConfigSpace(bytes))
        if (tph === null || tph.stTableOffset === null || tph.stEntries === 0) return
        expect(tph.stTableOffset + 2 * tph.stEntries).toBeLessThanOrEqual(size)
      }),
    )
  })

  it('cut at any length, answers in full, with fewer visible entries, or not-visible', () => {
    const full = findTph(new ConfigSpace(start)).tph
    for (let size = 0; size <= 4096; size++) {
      const { tph, reason } = findTph(new ConfigSpace(start.subarray(0, size)))
      if (size < 0x208) expect(reason).toBe('not-visible')
      else if (size >= 0x20c + 128) expect(tph).toEqual(full)
      else expect(tph?.stEntries).toBe(Math.max(0, Math.floor((size - 0x20c) / 2)))
    }
  })
})
