import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEntry } from '../../src/args/entry.ts'
import { entryTexts } from '../../src/desired/entry-text.ts'
import { assignEntries } from '../../src/topology/assign.ts'
import type { Assignment } from '../../src/topology/assignments.ts'
import { machine } from '../topology/machine.ts'

const LOCALITY = { localCpus: [], numaNode: null }

/** The assignments that ENTRYs stand for. */
const read = (entries: readonly string[]): Assignment[] =>
  assignEntries(entries.map(parseEntry), {
    topology: machine,
    locality: LOCALITY,
    memoryType: 'vm',
    cycle: false,
  })

const set = (index: number, cpu: number | null, memoryType: 'vm' | 'pm' = 'vm') => ({
  index,
  cpu,
  memoryType,
})

describe('entryTexts()', () => {
  it.each([
    [['0-3=0-3']],
    [['0=5']],
    [['0-3=7']],
    [['0-3=7', '4-7=0-3', '8=none']],
    [['0-1=3,1', '2-3=4@pm']],
    [['0=1', '2=1']],
    [['0-63:1/4=0', '1-63:1/4=1', '2-63:1/4=2', '3-63:1/4=3']],
    [['0-2=none', '3=0@pm']],
  ])('writes %j in that form', (entries) => {
    expect(entryTexts(read(entries))).toEqual(entries)
  })

  it('writes nothing for nothing', () => {
    expect(entryTexts([])).toEqual([])
  })

  it('writes a table of 2048 entries on one CPU as one ENTRY', () => {
    const all = Array.from({ length: 2048 }, (_, index) => set(index, 4, 'pm'))
    expect(entryTexts(all)).toEqual(['0-2047=4@pm'])
  })

  it('writes what reads back as the same', () => {
    const cpu = fc.option(fc.integer({ min: 0, max: 3 }), { freq: 4 })
    const entry = fc.record({ gap: fc.integer({ min: 1, max: 8 }), cpu, isPm: fc.boolean() })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
        let index = -1
        const all = entries.map(({ gap, cpu, isPm }) => {
          index += gap > 3 ? 1 : gap
          return set(index, cpu, cpu !== null && isPm ? 'pm' : 'vm')
        })
        expect(read(entryTexts(all))).toEqual(all)
      }),
    )
  })
})
