import { describe, expect, it } from 'vitest'
import { findMismatch, tagText, tagWarnings } from '../../src/tph/check-tags.ts'
import { mergeRuns } from '../../src/tph/runs.ts'

const entry = (index: number, cpu: number | null, st: number, memoryType: 'vm' | 'pm' = 'vm') => ({
  index,
  cpu,
  st,
  memoryType,
})

const stOf = ({ st }: { readonly st: number }) => st

describe('findMismatch()', () => {
  it.each([
    ['one CPU, two memory types', [entry(0, 1, 5), entry(1, 1, 6, 'pm')]],
    ['one CPU twice with one tag', [entry(0, 1, 5), entry(1, 1, 5)]],
    ['two CPUs with one tag', [entry(0, 1, 5), entry(1, 2, 5)]],
    ['tag 0 for a CPU', [entry(0, 1, 0)]],
    ['tag 0 where cleared', [entry(0, null, 0)]],
    ['no entry', []],
  ])('accepts %s', (_what, entries) => {
    expect(findMismatch(mergeRuns(entries), entries.map(stOf), true)).toBeNull()
  })

  it.each([
    ['another tag for the same CPU', true, [entry(0, 1, 5), entry(1, 2, 6), entry(2, 1, 7)], 2],
    ['a tag where cleared', true, [entry(0, 1, 5), entry(1, null, 5)], 1],
    ['9 bits without extended TPH', false, [entry(0, 1, 0xff), entry(1, 2, 0x100)], 1],
  ])('finds %s', (_what, extended, entries, index) => {
    expect(findMismatch(mergeRuns(entries), entries.map(stOf), extended)?.entry.index).toBe(index)
  })
})

describe('tagWarnings()', () => {
  it('names the CPUs of tag 0 and of a shared tag, each CPU once', () => {
    const entries = [entry(0, 3, 0), entry(1, 1, 0), entry(2, 3, 0), entry(3, 5, 9), entry(4, 4, 9)]
    expect(tagWarnings(mergeRuns(entries), entries.map(stOf))).toEqual([
      'tag 0 for CPU 1,3: the firmware has no steering tag for it',
      'CPUs 4-5 share tag 0x0009: steering cannot tell them apart',
    ])
  })

  it('is silent of cleared entries and of a CPU that is set twice', () => {
    const entries = [entry(0, null, 0), entry(1, 1, 9), entry(2, 1, 9)]
    expect(tagWarnings(mergeRuns(entries), entries.map(stOf))).toEqual([])
  })
})

describe('tagText()', () => {
  it.each([
    [0, '0x0000'],
    [0x101, '0x0101'],
    [0xffff, '0xffff'],
  ])('%i is %s', (st, text) => {
    expect(tagText(st)).toBe(text)
  })
})
