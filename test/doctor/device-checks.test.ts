import { describe, expect, it } from 'vitest'
import type { PciFunction } from '../../src/backend/types.ts'
import { deviceChecks } from '../../src/doctor/device-checks.ts'
import type { DeviceSeen } from '../../src/doctor/device-seen.ts'
import { BusyError } from '../../src/errors.ts'
import { findFunction, lookUpTph } from '../../src/tph/host.ts'
import { expressConfig } from '../backend/linux/linux-configs.ts'
import { BDF, rigOf } from '../tph/scripted-host.ts'
import { fakeFacts } from './fake-facts.ts'

const NOBODY = new BusyError('Cannot find the owner: nobody holds it open')

/** What a rule says of the scripted device, but for what is said. */
function verdictOf(id: string, more: Partial<DeviceSeen>, its: Partial<PciFunction> = {}) {
  const { host, backend } = rigOf()
  const fn = { ...findFunction(host, BDF), ...its }
  const { tph } = lookUpTph(fn)
  const seen = { host, fn, facts: null, tph, tphReason: null, owner: backend.owner }
  const check = deviceChecks.find((one) => one.id === id)
  return check?.judge({ ...seen, borrowed: null, answer: null, ...more })
}

/** The scripted device's TPH capability, but for what is said. */
function capability(more: Partial<NonNullable<DeviceSeen['tph']>>): DeviceSeen['tph'] {
  const { tph } = lookUpTph(findFunction(rigOf().host, BDF))
  return tph && { ...tph, notes: [], ...more }
}

describe('capability', () => {
  it('cannot be told of a dump that ends before it', () => {
    expect(verdictOf('capability', { tph: null, tphReason: 'not-in-dump' })).toEqual({
      state: 'unknown',
      evidence: 'emulated config: the dump ends before it',
      fix: 'take the dump with "lspci -D -xxxx" as root',
    })
  })
})

describe('st-table', () => {
  it.each([
    ['ok', { stLocation: 'capability', stEntries: 1 }, 'capability, 1 entry'],
    ['ok', { stLocation: 'msix', stEntries: 2048 }, 'msix, 2048 entries'],
    ['problem', { stLocation: 'msix', stEntries: 0 }, 'msix, 0 entries'],
    ['problem', { stLocation: 'reserved', stEntries: 0 }, 'reserved, 0 entries'],
  ] as const)('%s: %j', (state, more, evidence) => {
    expect(verdictOf('st-table', { tph: capability(more) })).toEqual({ state, evidence, fix: null })
  })

  it('of a device without one is its own driver’s business', () => {
    const tph = capability({ stLocation: 'none', stEntries: 0 })
    expect(verdictOf('st-table', { tph })?.evidence).toContain(`"tphctl tag ${BDF} CPUS"`)
  })

  it('is not asked for where there is no TPH', () => {
    expect(verdictOf('st-table', { tph: null })).toBeNull()
  })
})

describe('root-port', () => {
  it.each([
    ['ok', 'tph', true, 'Device Capabilities 2 above it: completes TPH, so its tags have 8 bits'],
    ['ok', 'tph', false, 'Device Capabilities 2 above it: completes TPH'],
    ['problem', 'none', true, 'Device Capabilities 2 above it: completes no TPH'],
  ] as const)('%s: completes %s, extended %s', (state, completer, extended, evidence) => {
    const tph = capability({ extended })
    expect(verdictOf('root-port', { tph }, { completer })).toMatchObject({ state, evidence })
  })

  it.each([
    ['integrated', 'ok', /integrated in the root complex/],
    ['endpoint', 'unknown', /no root port above it/],
  ] as const)('is not seen above an %s device', (type, state, evidence) => {
    const config = { bytes: expressConfig(type), missing: 'not-readable' } as const
    expect(verdictOf('root-port', {}, { completer: null, config })).toMatchObject({
      state,
      evidence: expect.stringMatching(evidence),
    })
  })
})

describe('driver of an emulated device', () => {
  it.each([
    [null, 'problem', 'emulated driver: none'],
    ['ice', 'problem', 'emulated driver: ice, the host uses it'],
    ['vfio-pci', 'ok', 'emulated driver: vfio-pci'],
  ])('%s: %s', (driver, state, evidence) => {
    expect(verdictOf('driver', {}, { driver })).toMatchObject({ state, evidence })
  })
})

describe('iommu-group', () => {
  it('is a problem where there is none', () => {
    const verdict = verdictOf('iommu-group', { facts: fakeFacts({}) }, { iommuGroup: null })
    expect(verdict).toMatchObject({
      state: 'problem',
      evidence: `/sys/bus/pci/devices/${BDF}/iommu_group: none`,
    })
  })
})

describe('device-node', () => {
  const path = '/dev/vfio/12'
  const at = (is: 'missing' | 'forbidden', owner?: DeviceSeen['owner']) => {
    const facts = fakeFacts({ vfioNodes: [path], nodes: { [path]: is } })
    return verdictOf('device-node', { facts, ...(owner === undefined ? {} : { owner }) })
  }

  it.each(['missing', 'forbidden'] as const)('%s is enough while there is an owner', (is) => {
    expect(at(is)).toEqual({
      state: 'ok',
      evidence: `${path}: ${is}; not needed while it has an owner`,
      fix: null,
    })
  })

  it.each([
    ['missing', /modprobe vfio-pci/],
    ['forbidden', /run it as root/],
  ] as const)('%s without an owner is a problem', (is, fix) => {
    expect(at(is, NOBODY)).toEqual({
      state: 'problem',
      evidence: `${path}: ${is}`,
      fix: expect.stringMatching(fix),
    })
  })
})
