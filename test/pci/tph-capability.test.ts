import { describe, expect, it } from 'vitest'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { findTph } from '../../src/pci/tph-capability.ts'
import { buildConfig, type ConfigParts } from './build-config.ts'
import { aer, device, express, KNOWN_DEVICES } from './known-devices.ts'

const look = (parts: ConfigParts) => findTph(new ConfigSpace(buildConfig(parts)))

describe('findTph() decodes', () => {
  it.each(KNOWN_DEVICES)('%s', (_, parts, expected) => {
    expect(look(parts)).toEqual({ reason: null, tph: { ...expected, notes: [] } })
  })
})

describe('findTph() says absent', () => {
  it.each<[string, ConfigParts]>([
    ['without PCI Express, whatever stands at 0x100', { ...device(0x200, 5), capabilities: [] }],
    ['of 64 bytes without a capability list', { size: 64 }],
    ['of a conventional function', { capabilities: [{ offset: 0x40, id: 1 }], size: 256 }],
    [
      'after a looping list without PCI Express',
      { capabilities: [{ offset: 0x40, id: 1, next: 0x40 }], size: 256 },
    ],
    [
      'after a broken list without PCI Express',
      { capabilities: [{ offset: 0x40, id: 1, next: 0x20 }], size: 256 },
    ],
    ['where extended space is empty', { capabilities: [express] }],
    ['after a complete chain', { capabilities: [express], extended: [aer] }],
    ['after a looping chain', { capabilities: [express], extended: [{ ...aer, next: 0x100 }] }],
    ['after a broken chain', { capabilities: [express], extended: [{ ...aer, next: 0x40 }] }],
    [
      'after a complete chain in a short dump',
      { capabilities: [express], extended: [aer], size: 0x104 },
    ],
  ])('%s', (_, parts) => {
    expect(look(parts)).toEqual({ tph: null, reason: 'absent' })
  })

  it.each([64, 256, 4096])('where no device answers: %i bytes of ones', (size) => {
    const config = new ConfigSpace(new Uint8Array(size).fill(0xff))
    expect(findTph(config)).toEqual({ tph: null, reason: 'absent' })
  })
})

describe('findTph() says not-visible', () => {
  it.each<[string, ConfigParts]>([
    ['of nothing', { size: 0 }],
    ['of less than a header', { size: 63 }],
    ['of 64 bytes with a capability list', { ...device(0x200, 5), size: 64 }],
    [
      'of a list cut before PCI Express',
      {
        capabilities: [
          { offset: 0x40, id: 1 },
          { ...express, offset: 0x80 },
        ],
        size: 0x80,
      },
    ],
    ['of 256 bytes', { ...device(0x200, 5), size: 256 }],
    ['of 0x103 bytes', { ...device(0x200, 5), size: 0x103 }],
    ['of a chain cut before TPH', { ...device(0x200, 5), size: 0x200 }],
    ['of a TPH header without its register', { ...device(0x200, 5), size: 0x207 }],
    ['of a TPH header in the last four bytes', device(0xffc, 5)],
  ])('%s', (_, parts) => {
    expect(look(parts)).toEqual({ tph: null, reason: 'not-visible' })
  })

  it('of 63 bytes of ones', () => {
    expect(findTph(new ConfigSpace(new Uint8Array(63).fill(0xff))).reason).toBe('not-visible')
  })
})

describe('findTph() finds TPH', () => {
  it('on a chain that loops or breaks behind it', () => {
    const tph = { offset: 0x200, id: 0x17, dwords: [0x5, 0] }
    for (const next of [0x100, 0x200, 0x40]) {
      const found = look({ capabilities: [express], extended: [aer, { ...tph, next }] })
      expect(found.tph?.offset).toBe(0x200)
    }
  })

  it('behind PCI Express on a list that loops, breaks or is not all visible', () => {
    for (const next of [0x40, 0x20]) {
      const parts = { ...device(0x200, 5), capabilities: [{ ...express, next }] }
      expect(look(parts).tph?.offset).toBe(0x200)
    }
  })

  it('and takes the first of two', () => {
    const two = [0x200, 0x300].map((offset) => ({ offset, id: 0x17, dwords: [5, 0] }))
    expect(look({ capabilities: [express], extended: [aer, ...two] }).tph?.offset).toBe(0x200)
  })

  it.each([
    [0x000, 'none', []],
    [0x200, 'capability', []],
    [0x600, 'reserved', ['the ST table location is the reserved value 3']],
  ])('with location bits %i: %s', (bits, stLocation, notes) => {
    expect(look(device(0x200, bits | 0x105)).tph).toMatchObject({ stLocation, notes })
  })
})
