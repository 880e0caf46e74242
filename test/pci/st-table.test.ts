import { describe, expect, it } from 'vitest'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { findTph } from '../../src/pci/tph-capability.ts'
import { buildConfig, type ConfigParts } from './build-config.ts'
import { aer, device, express } from './known-devices.ts'

const look = (parts: ConfigParts) => findTph(new ConfigSpace(buildConfig(parts)))

describe('the ST table that findTph() describes', () => {
  const sized = (offset: number, size: number, bytes = 4096) =>
    look({ ...device(offset, (((size - 1) << 16) | 0x205) >>> 0), size: bytes }).tph

  it.each([
    [0x200, 64, 4096, 64, []],
    [0x200, 65, 4096, 65, ['the ST table says 65 entries, more than 64']],
    [
      0x200,
      2048,
      4096,
      1786,
      [
        'the ST table says 2048 entries, more than 64',
        'only 1786 of 2048 ST entries fit in config space',
      ],
    ],
    [0xff0, 4, 4096, 2, ['only 2 of 4 ST entries fit in config space']],
    [0xff4, 4, 4096, 0, ['only 0 of 4 ST entries fit in config space']],
    [0xff8, 4, 4096, 0, ['only 0 of 4 ST entries fit in config space']],
    [0x200, 8, 0x21c, 8, []],
    [0x200, 8, 0x21b, 7, ['only 7 of 8 ST entries are visible']],
    [0x200, 8, 0x208, 0, ['only 0 of 8 ST entries are visible']],
  ])('at %i says %i, of %i bytes: %i can be used', (offset, size, bytes, stEntries, notes) => {
    const stTableOffset = offset + 12
    expect(sized(offset, size, bytes)).toMatchObject({ stEntries, stTableOffset, notes })
  })

  it('tells of another capability inside the table, not of one right behind it', () => {
    const chain = (offset: number) => ({
      capabilities: [express],
      extended: [aer, { offset: 0x200, id: 0x17, dwords: [0x00010205, 0] }, { offset, id: 0x18 }],
    })
    expect(look(chain(0x20c)).tph?.notes).toEqual(['the ST table overlaps the capability at 0x20c'])
    expect(look(chain(0x210)).tph?.notes).toEqual([])
  })

  it('goes by MSI-X where the table is there, and tells of a size that disagrees', () => {
    const expected = { stLocation: 'msix', stEntries: 5, stTableOffset: null }
    expect(look(device(0x200, 0x00040405, 5)).tph).toMatchObject({ ...expected, notes: [] })
    const notes = ['the ST table size says 8, but MSI-X has 5, which counts']
    expect(look(device(0x200, 0x00070405, 5)).tph).toMatchObject({ ...expected, notes })
  })

  it('has no entries in an MSI-X table that is not there', () => {
    const notes = ['the ST table is in the MSI-X table, but no MSI-X capability is there']
    expect(look(device(0x200, 0x00070405)).tph).toMatchObject({ stEntries: 0, notes })
  })

  it('tells of a capability without any mode', () => {
    const notes = ['no ST mode is supported, not even "No ST"']
    expect(look(device(0x200, 0x00000100)).tph).toMatchObject({ modes: [], extended: true, notes })
  })
})
