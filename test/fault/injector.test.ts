import { describe, expect, it, vi } from 'vitest'
import { faultsOf, sampleOf } from './cells.ts'
import { faultyFs } from './faulty-fs.ts'
import { Injector, under } from './injector.ts'

const READ = { kind: 'read', object: '/proc/N/stat' }

describe('faultsOf()', () => {
  it('is every errno at the first, the middle and the last call of a kind about an object', () => {
    const faults = faultsOf(Array.from({ length: 7 }, () => READ))
    expect([...new Set(faults.map(({ occurrence }) => occurrence))]).toEqual([1, 4, 7])
    const errnos = faults.filter(({ occurrence }) => occurrence === 4).map(({ errno }) => errno)
    expect(errnos).toEqual(['EPERM', 'EACCES', 'EINVAL', 'EIO', 'ENOMEM'])
  })

  it('fails for a kind of call of which nobody has said how it can fail', () => {
    expect(() => faultsOf([{ kind: 'ioctl 0x3b99', object: 'device' }])).toThrow(RangeError)
  })

  it('is sampled with each errno of each kind', () => {
    const faults = faultsOf([READ, READ, { kind: 'close', object: 'pidfd' }])
    const sample = sampleOf(faults, 'any').map(({ kind, errno }) => `${kind} ${errno}`)
    expect(sample).toHaveLength(7)
    expect(new Set(sample)).toEqual(new Set(faults.map(({ kind, errno }) => `${kind} ${errno}`)))
  })
})

describe('an Injector', () => {
  it('makes that very call fail, and no other', () => {
    const injector = new Injector({ ...READ, occurrence: 2, errno: 'EIO' })
    const answers = ['/proc/7/stat', '/proc/8/comm', '/proc/9/stat', '/proc/7/stat'].map((path) =>
      injector.call('read', path),
    )
    expect(answers).toEqual([null, null, 'EIO', null])
    expect(injector.fired).toBe(true)
  })

  it('notes what is left open, and what was closed twice', () => {
    const injector = new Injector(null)
    injector.opened(5, 'x')
    injector.opened(6, 'y')
    injector.closed(5)
    injector.closed(5)
    expect([...injector.open.values(), ...injector.closedTwice]).toEqual(['y', 5])
  })
})

describe('faultyFs()', () => {
  it('refuses a function that has no place in the matrix while a command runs, and only then', async () => {
    const fs = faultyFs(await vi.importActual('node:fs'))
    expect(fs.truncateSync).toBeTypeOf('function')
    await expect(
      under(new Injector(null), async () => fs.truncateSync?.('/nowhere')),
    ).rejects.toThrow('without a place in the fault matrix')
    expect(() => fs.truncateSync?.('/nowhere')).toThrow('ENOENT')
  })
})
