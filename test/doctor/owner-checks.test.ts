import { describe, expect, it } from 'vitest'
import type { Owner } from '../../src/backend/types.ts'
import type { Answer, DeviceSeen } from '../../src/doctor/device-seen.ts'
import { examineDevice } from '../../src/doctor/doctor.ts'
import { ownerChecks } from '../../src/doctor/owner-checks.ts'
import { EntryTable } from '../../src/tph/entry-table.ts'
import { findFunction, lookUpTph } from '../../src/tph/host.ts'
import { TphSt } from '../../src/tph/interfaces/tph-st.ts'
import { BDF, rigOf } from '../tph/scripted-host.ts'
import { type FakeHost, fakeFacts } from './fake-facts.ts'

/** What a rule says of the scripted device. */
function verdictOf(id: string, more: Partial<DeviceSeen>) {
  const { host, backend } = rigOf()
  const fn = findFunction(host, BDF)
  const { tph } = lookUpTph(fn)
  const owner: Owner = backend.owner
  const seen = { host, fn, facts: null, tph, tphReason: null, owner, borrowed: null, answer: null }
  return ownerChecks.find((one) => one.id === id)?.judge({ ...seen, ...more })
}

describe('firmware-tags', () => {
  const answer = (tags: readonly number[], known: Answer['known'] = EntryTable.EMPTY): Answer => ({
    kernel: new TphSt(14),
    how: 'PROBE',
    refusal: null,
    tags,
    known,
  })

  it('are there where any entry has one', () => {
    const verdict = verdictOf('firmware-tags', { answer: answer([0, 0x103]) })
    expect(verdict).toMatchObject({ state: 'ok', evidence: 'GET: entry 1 has tag 0x0103' })
  })

  it('are unknown while no entry was set', () => {
    expect(verdictOf('firmware-tags', { answer: answer([0, 0]) })?.state).toBe('unknown')
  })

  it('are not there where an entry was set to a CPU and has tag 0', () => {
    const entry = { index: 1, st: 0, cpu: 3, memoryType: 'vm' } as const
    const verdict = verdictOf('firmware-tags', { answer: answer([0, 0], EntryTable.of([entry])) })
    expect(verdict).toMatchObject({ state: 'problem', evidence: expect.stringContaining('CPU 3') })
  })
})

describe('msix-vectors', () => {
  const folder = `/sys/bus/pci/devices/${BDF}/msi_irqs`
  const vectors = (host: FakeHost) => {
    const { tph } = lookUpTph(findFunction(rigOf().host, BDF))
    const msix = tph && { ...tph, stLocation: 'msix' as const, stEntries: 2 }
    return verdictOf('msix-vectors', { tph: msix, facts: fakeFacts(host) })
  }

  it('counts those that the owner allocated, and says what waits', () => {
    expect(vectors({ folders: { [folder]: ['40', '41'] } })?.evidence).toBe(
      `${folder}: 2 of 2 vectors allocated`,
    )
    expect(vectors({})?.evidence).toMatch(/: 0 of 2 vectors allocated; tags of the others wait /)
  })

  it('do not matter for a table elsewhere', () => {
    expect(verdictOf('msix-vectors', { facts: fakeFacts({}) })).toBeNull()
  })
})

describe('examineDevice', () => {
  it('opens no device that nobody owns, though --ephemeral would', async () => {
    const { host, backend, device } = rigOf()
    backend.owner = { ...backend.owner, fd: -1 }
    const { value } = await examineDevice(host, findFunction(host, BDF))
    expect(device.opens).toBe(0)
    expect(value.checks.find(({ id }) => id === 'owner')).toMatchObject({ state: 'problem' })
    expect(value.ready).toBe(false)
  })

  it('borrows once, and gives back', async () => {
    const { host, device } = rigOf()
    const { value, error } = await examineDevice(host, findFunction(host, BDF))
    expect({ opens: device.opens, ready: value.ready, error }).toEqual({
      opens: 1,
      ready: true,
      error: null,
    })
  })
})
