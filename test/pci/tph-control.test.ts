import { describe, expect, it } from 'vitest'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { decodeTphControl, encodeTphControl, readTphControl } from '../../src/pci/tph-control.ts'

describe('the TPH control register', () => {
  it.each([
    [0x000, 'none', 'off'],
    [0x001, 'iv', 'off'],
    [0x002, 'ds', 'off'],
    [0x100, 'none', 'tph'],
    [0x101, 'iv', 'tph'],
    [0x102, 'ds', 'tph'],
    [0x300, 'none', 'extended'],
    [0x301, 'iv', 'extended'],
    [0x302, 'ds', 'extended'],
  ] as const)('%i <=> %s %s', (value, mode, requester) => {
    expect(decodeTphControl(value)).toEqual({ mode, requester })
    expect(encodeTphControl(mode, requester)).toBe(value)
  })

  it.each([
    [0x003, 'reserved', 'off'],
    [0x307, 'reserved', 'extended'],
    [0x202, 'ds', 'reserved'],
    [0xfffffcf9, 'iv', 'off'],
    [0xffffffff, 'reserved', 'extended'],
  ] as const)('decodes %i, with reserved values or bits, as %s %s', (value, mode, requester) => {
    expect(decodeTphControl(value)).toEqual({ mode, requester })
  })
})

describe('readTphControl()', () => {
  const bytes = new Uint8Array(16).fill(0xee, 8, 12)

  it('reads the u32 at +8', () => {
    expect(readTphControl(new ConfigSpace(bytes), 0)).toBe(0xeeeeeeee)
  })

  it('is null where not all of it is visible', () => {
    expect(readTphControl(new ConfigSpace(bytes.subarray(0, 11)), 0)).toBeNull()
    expect(readTphControl(new ConfigSpace(bytes), 0xffc)).toBeNull()
  })
})
