import { describe, expect, it } from 'vitest'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { findMsix } from '../../src/pci/msix.ts'
import { buildConfig, type ConfigParts } from './build-config.ts'

const find = (parts: ConfigParts) => findMsix(new ConfigSpace(buildConfig(parts)))

describe('findMsix()', () => {
  it.each([
    [0x0000, 0x00000000, { entries: 1, bar: 0, tableOffset: 0, enabled: false, maskedAll: false }],
    [
      0x8008,
      0x00002000,
      { entries: 9, bar: 0, tableOffset: 0x2000, enabled: true, maskedAll: false },
    ],
    [
      0xc7ff,
      0xfffffffd,
      { entries: 2048, bar: 5, tableOffset: 0xfffffff8, enabled: true, maskedAll: true },
    ],
    [0x7800, 0x00000003, { entries: 1, bar: 3, tableOffset: 0, enabled: false, maskedAll: true }],
  ])('decodes message control %i with table %i', (flags, table, expected) => {
    const capabilities = [{ offset: 0x70, id: 0x11, flags, dwords: [table] }]
    expect(find({ capabilities })).toEqual({ offset: 0x70, ...expected })
  })

  it('is null without the capability', () => {
    expect(find({ capabilities: [{ offset: 0x70, id: 5 }] })).toBeNull()
  })

  it('is null where its registers are cut off', () => {
    expect(find({ capabilities: [{ offset: 0x70, id: 0x11 }], size: 0x77 })).toBeNull()
    expect(find({ capabilities: [{ offset: 0x70, id: 0x11 }], size: 0x78 })).not.toBeNull()
  })
})
