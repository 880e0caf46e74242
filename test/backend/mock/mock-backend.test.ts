import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mockStatePath } from '../../../src/backend/mock/mock-backend.ts'
import { BusyError, UsageError } from '../../../src/errors.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import { openMock } from './raw-device.ts'

describe('the built-in host', () => {
  it('has four endpoints that the mock owner holds, and root ports that complete extended TPH', () => {
    const functions = openMock().functions()
    const owned = functions.filter(({ owner }) => owner !== null)
    expect(owned.map(({ bdf }) => bdf)).toEqual([
      '0000:81:00.0',
      '0000:82:00.0',
      '0000:83:00.0',
      '0000:84:00.0',
    ])
    for (const { owner, completer, driver } of owned) {
      expect(owner).toMatchObject({ pid: 4242, command: 'mock-owner' })
      expect([completer, driver]).toEqual(['extended', 'vfio-pci'])
    }
  })

  it('has CPUs 0-15 online in 2 nodes of 2 L3 domains of 4, and 16-19 possible', () => {
    const { topology } = openMock()
    expect([topology.online.length, topology.online.at(-1)]).toEqual([16, 15])
    expect([topology.possible.length, topology.possible.at(-1)]).toEqual([20, 19])
    expect(topology.nodes.map(({ cpus }) => [cpus[0], cpus.at(-1)])).toEqual([
      [0, 7],
      [8, 15],
    ])
    expect(topology.l3.map(({ cpus }) => cpus.length)).toEqual([4, 4, 4, 4])
  })

  it('has no other function', () => {
    expect(openMock().find('0000:99:00.0')).toBeNull()
  })
})

describe('MockBackend.interrupts()', () => {
  it('has one for each vector, delivered to the online CPUs in turn', () => {
    const irqs = openMock().interrupts('0000:81:00.0')
    expect(irqs).toHaveLength(64)
    expect(irqs.map(({ vector }) => vector)).toEqual(irqs.map((_, at) => at))
    expect([irqs[0]?.cpus, irqs[15]?.cpus, irqs[16]?.cpus]).toEqual([[0], [15], [0]])
  })

  it('gives no two functions the same number', () => {
    const backend = openMock()
    const all = backend.functions().flatMap(({ bdf }) => backend.interrupts(bdf))
    expect(new Set(all.map(({ irq }) => irq)).size).toBe(64 + 2048 + 32 + 16)
  })

  it('has none of a function without MSI-X', () => {
    expect(openMock().interrupts('0000:80:01.0')).toEqual([])
  })
})

describe('MockBackend.lock()', () => {
  const BDF = '0000:81:00.0'

  it('is had by one at a time on each device, also over two backends', () => {
    const statePath = join(temporaryDirectory(), 'state')
    const [one, other] = [openMock({ statePath }), openMock({ statePath })]
    const lock = one.lock(BDF, 0)
    expect(() => other.lock(BDF, 0)).toThrow(BusyError)
    expect(() => other.lock(BDF, 0)).toThrow(`pid ${process.pid}`)
    other.lock('0000:82:00.0', 0).release()
    lock.release()
    other.lock(BDF, 0).release()
  })
})

describe('mockStatePath()', () => {
  it.each([
    [{ TPHCTL_MOCK_STATE: 's', XDG_STATE_HOME: '/x', HOME: '/h' }, 's'],
    [{ TPHCTL_MOCK_STATE: '', XDG_STATE_HOME: '/x', HOME: '/h' }, '/x/tphctl/mock-state'],
    [{ XDG_STATE_HOME: 'relative', HOME: '/h' }, '/h/.local/state/tphctl/mock-state'],
    [{ HOME: '/h' }, '/h/.local/state/tphctl/mock-state'],
  ])('of %j is %s', (env, path) => {
    expect(mockStatePath({ env, uid: 0 })).toBe(path)
  })

  it('needs a home or a name', () => {
    expect(() => mockStatePath({ env: {}, uid: 0 })).toThrow(UsageError)
  })
})
