import { describe, expect, it } from 'vitest'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { formatLspciDump, parseLspciDump } from '../../src/pci/lspci-dump.ts'
import { findTph, readTphControl } from '../../src/pci/tph-capability.ts'
import { fixtureExpectation, fixtureNames, fixtureText, haveFixtures } from './fixtures.ts'
import { lspciTph } from './lspci-words.ts'

// The table of shared/fixtures/README.md, read from the bytes by hand.
const TABLE: Record<
  string,
  readonly [offset: number, register: number, control: number, entries: number]
> = {
  'intel-i210-1533': [0x1a0, 0x00070205, 0, 8],
  'intel-dsa-0b25': [0x160, 0x00010205, 0x102, 2],
  'realtek-rtl8125-a': [0x178, 0x00000001, 0, 0],
  'amd-matisse-xhci-149c-a': [0x370, 0x00000205, 0, 1],
  'intel-cxl-0d93-6b00': [0x5b0, 0x000f0300, 0, 16],
  'qualcomm-rootport-010b': [0x168, 0x00000001, 0, 0],
  'cadence-0100': [0x274, 0x00000203, 0, 1],
}

const WITHOUT: Record<string, 'absent' | 'not-visible'> = {
  'ati-rs690-broken-ecaps': 'absent',
  'amd-matisse-xhci-149c-notph': 'absent',
  'amd-fch-smbus-790b': 'absent',
  'intel-x550t-1563-256b': 'not-visible',
  'intel-i211-1539-64b': 'not-visible',
  'broadcom-bcm4352-320b': 'not-visible',
}

describe.skipIf(!haveFixtures)('config spaces of real machines', () => {
  it('are all in one of the tables here', () => {
    expect([...Object.keys(TABLE), ...Object.keys(WITHOUT)].sort()).toEqual(
      [...fixtureNames].sort(),
    )
  })

  it.each(fixtureNames)('%s: says of TPH what lspci says', (name) => {
    const { tph } = findTph(configOf(name))
    const seen = tph && { ...tph, modes: tph.modes.filter((mode) => mode !== 'none') }
    const [expected] = lspciTph(fixtureExpectation(name))
    if (expected === undefined) expect(tph).toBeNull()
    else expect(seen).toMatchObject(expected)
  })

  it.each(Object.entries(TABLE))('%s: has TPH as in the table', (name, expected) => {
    const config = configOf(name)
    const { tph } = findTph(config)
    const offset = tph?.offset ?? 0
    const registers = [config.u32(offset + 4), readTphControl(config, offset), tph?.stEntries]
    expect([offset, ...registers]).toEqual(expected)
  })

  it.each(Object.entries(WITHOUT))('%s: has no TPH to be seen: %s', (name, reason) => {
    expect(findTph(configOf(name))).toEqual({ tph: null, reason })
  })

  it.each(Object.entries(TABLE))('%s: has notes only where malformed', (name) => {
    const missing = 'no ST mode is supported, not even "No ST"'
    const notes = name === 'intel-cxl-0d93-6b00' ? [missing] : []
    expect(findTph(configOf(name)).tph?.notes).toEqual(notes)
  })

  it.each(Object.keys(TABLE))(
    '%s: cut at any length, is never taken for a device without',
    (name) => {
      const bytes = bytesOf(name)
      const full = findTph(new ConfigSpace(bytes)).tph
      for (let size = 0; size <= bytes.length; size++) {
        const { tph, reason } = findTph(new ConfigSpace(bytes.subarray(0, size)))
        if (tph === null) expect(reason).toBe('not-visible')
        else if (tph.stEntries === full?.stEntries) expect(tph).toEqual(full)
        else expect(tph.notes.at(-1)).toMatch(/ST entries are visible$/)
      }
    },
  )

  it.each(fixtureNames)('%s: comes back from formatLspciDump()', (name) => {
    const { functions, notes } = parseLspciDump(fixtureText(name), name)
    expect([functions.length, notes]).toEqual([1, []])
    const again = parseLspciDump(formatLspciDump(functions), 'again')
    expect(again.functions[0]?.bytes).toEqual(functions[0]?.bytes)
    expect(hexLines(formatLspciDump(functions))).toEqual(hexLines(fixtureText(name)))
  })
})

function bytesOf(name: string): Uint8Array {
  return parseLspciDump(fixtureText(name), name).functions[0]?.bytes ?? new Uint8Array(0)
}

function configOf(name: string): ConfigSpace {
  return new ConfigSpace(bytesOf(name))
}

function hexLines(text: string): string[] {
  return text
    .toLowerCase()
    .split(/\s*\n/)
    .filter((line) => /^[0-9a-f]{2,3}: /.test(line))
}
