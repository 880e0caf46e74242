import { describe, expect, it } from 'vitest'
import { vfioChecks } from '../../src/doctor/vfio-checks.ts'
import { type FakeHost, verdictOf } from './fake-facts.ts'

const GROUPS = '/sys/kernel/iommu_groups'
const NO_IOMMU = '/sys/module/vfio/parameters/enable_unsafe_noiommu_mode'

describe('iommu', () => {
  it.each<[string, FakeHost, string]>([
    ['groups', { folders: { [GROUPS]: ['0', '1'] } }, 'ok'],
    ['no groups', { files: { [NO_IOMMU]: 'N' } }, 'problem'],
    ['no groups and no vfio', {}, 'problem'],
    ['no-IOMMU mode', { files: { [NO_IOMMU]: 'Y' } }, 'ok'],
  ])('%s', (_, host, state) => {
    expect(verdictOf(vfioChecks, 'iommu', host)?.state).toBe(state)
  })

  it('does not matter where a device answers all the same', () => {
    const verdict = verdictOf(vfioChecks, 'iommu', {}, { answered: true })
    expect(verdict).toMatchObject({ state: 'ok', fix: null })
    expect(verdict?.evidence).toMatch(/no groups; .*; not needed here, TPH_ST answers$/)
  })
})

describe('vfio', () => {
  const vfio = (nodes: FakeHost['nodes']) =>
    verdictOf(vfioChecks, 'vfio', { folders: { '/dev/vfio': ['vfio'] }, ...(nodes && { nodes }) })

  it('tells of each node whether it may be used', () => {
    expect(vfio({ '/dev/vfio/vfio': 'usable', '/dev/iommu': 'forbidden' })).toMatchObject({
      state: 'ok',
      evidence: '/dev/vfio/vfio: usable, /dev/iommu: forbidden',
    })
  })

  it('is a problem where no node may be used, or none is there', () => {
    expect(vfio({ '/dev/vfio/vfio': 'forbidden' })).toMatchObject({
      state: 'problem',
      fix: expect.stringContaining('udev rule'),
    })
    expect(verdictOf(vfioChecks, 'vfio', {})).toMatchObject({
      state: 'problem',
      fix: 'load it with "modprobe vfio-pci"',
    })
  })
})

describe('native-binding', () => {
  it('says why none loads, and tries none for a copy of a host', () => {
    expect(verdictOf(vfioChecks, 'native-binding', {})?.evidence).toBe('koffi loads')
    expect(verdictOf(vfioChecks, 'native-binding', { noBinding: 'wrong libc' })).toMatchObject({
      state: 'problem',
      evidence: 'wrong libc',
    })
    const copy = verdictOf(vfioChecks, 'native-binding', { isCopy: true, noBinding: 'x' })
    expect(copy?.state).toBe('unknown')
  })
})

describe('kernel-types', () => {
  it.each([
    ['present', false, 'ok'],
    ['missing', false, 'problem'],
    ['missing', true, 'unknown'],
    ['unknown', true, 'unknown'],
  ] as const)('struct %s, answered %s: %s', (struct, answered, state) => {
    expect(verdictOf(vfioChecks, 'kernel-types', {}, { struct, answered })?.state).toBe(state)
  })
})
