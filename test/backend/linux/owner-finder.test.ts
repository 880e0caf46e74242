import { describe, expect, it } from 'vitest'
import { OwnerFinder } from '../../../src/backend/linux/owner-finder.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import {
  ANONYMOUS,
  BDF,
  GuardedRoot,
  holder,
  OTHER,
  ownerHost,
  ownerIn,
  said,
} from './owner-host.ts'

const anonymous = { link: ANONYMOUS }
const group = { link: '/dev/vfio/12' }
const otherGroup = { link: '/dev/vfio/13' }

describe('ownerOf()', () => {
  it.each([
    ['an fd that says so', { 9: said(BDF) }, '812:9'],
    ['the lowest of several', { 30: said(BDF), 9: said(OTHER), 10: said(BDF) }, '812:10'],
    ['an fd that says so, whatever its groups', { 5: otherGroup, 9: said(BDF) }, '812:9'],
    ['a cdev that says so', { 9: said(BDF, '/dev/vfio/devices/vfio7') }, '812:9'],
    ['a cdev by name', { 9: { link: '/dev/vfio/devices/vfio0' } }, '812:9'],
    ['a cdev that is mounted elsewhere', { 9: { link: '/vfio0' } }, '812:9'],
    ['a cdev whose node is removed', { 9: { link: '/dev/vfio/devices/vfio0 (deleted)' } }, '812:9'],
    ['the only device of the only group', { 5: group, 9: anonymous }, '812:9'],
    ['that of a no-IOMMU group', { 5: { link: '/dev/vfio/noiommu-12' }, 9: anonymous }, '812:9'],
    ['that of a removed node', { 5: { link: '/dev/vfio/12 (deleted)' }, 9: anonymous }, '812:9'],
  ])('takes %s', (_, fds, owner) => {
    const host = ownerHost()
    holder(host.fake, 812, fds)
    expect(ownerIn(host)).toBe(owner)
  })

  it.each([
    ['an fd that says it is another', { 5: group, 9: said(OTHER) }],
    ['an fd that says it is one with a longer address', { 9: said(`1${BDF}`) }],
    ['a cdev of another', { 9: { link: '/dev/vfio/devices/vfio1' } }],
    ['a cdev with a longer name', { 9: { link: '/dev/vfio/devices/vfio00' } }],
    ['a device of another group', { 5: otherGroup, 9: anonymous }],
    ['a group alone', { 5: group }],
    ['the container', { 5: { link: '/dev/vfio/vfio' } }],
    ['other files', { 5: { link: '/tmp/my-vfio-notes' }, 6: { link: 'anon_inode:[eventfd]' } }],
  ])('passes over %s', (_, fds) => {
    const host = ownerHost()
    holder(host.fake, 812, fds)
    expect(ownerIn(host)).toBe('none, visible')
  })

  it.each([
    ['two groups', { 5: group, 6: otherGroup, 9: anonymous }],
    ['no group any more', { 9: anonymous }],
  ])('cannot tell for an fd of a process with %s', (_, fds) => {
    const host = ownerHost()
    holder(host.fake, 812, fds)
    expect(ownerIn(host)).toBe('none, hidden')
  })

  it('cannot tell for a group of two devices', () => {
    const host = ownerHost()
    const any = { vendor: 1, device: 1, config: new Uint8Array(64), driver: 'vfio-pci' }
    host.fake.pciFunction({ ...any, group: 12, bdf: '0000:81:00.1' })
    holder(host.fake, 812, { 5: group, 9: anonymous })
    expect(ownerIn(host)).toBe('none, hidden')
  })

  it('does not take an fd without a group for a device on a host driver', () => {
    const { fake, root } = ownerHost()
    const any = { vendor: 1, device: 1, config: new Uint8Array(64), driver: 'ixgbe' }
    fake.pciFunction({ ...any, group: 20, bdf: '0000:90:00.0' })
    holder(fake, 812, { 9: anonymous })
    const { owner, visible } = new OwnerFinder(root).ownerOf({
      bdf: '0000:90:00.0',
      iommuGroup: 20,
    })
    expect({ owner, visible }).toEqual({ owner: null, visible: true })
  })

  it('takes the one of several processes that runs longest: others may only have borrowed from it', () => {
    const { fake, root, fn } = ownerHost()
    holder(fake, 812, { 9: said(BDF) })
    const fds = { 30: said(BDF) }
    // Pids are given out anew once they have all been.
    fake.process({ pid: 300, comm: 'tphctl', startTime: 10_000, allowed: '0-3', fds })
    fake.process({ pid: 301, comm: 'tphctl', startTime: 8120, allowed: '0-3', fds })
    expect(new OwnerFinder(root).ownerOf(fn).owner).toMatchObject({ pid: 301, startTime: '8120' })
    fake.process({ pid: 301, comm: 'tphctl', startTime: 8121, allowed: '0-3', fds })
    expect(new OwnerFinder(root).ownerOf(fn).owner).toMatchObject({ pid: 812, fd: 9 })
  })

  it('takes the lowest of several processes and tells all of it', () => {
    const { fake, root, fn } = ownerHost()
    for (const pid of [9000, 812, 1200]) holder(fake, pid, { 9: said(BDF) })
    expect(new OwnerFinder(root).ownerOf(fn).owner).toEqual({
      pid: 812,
      command: 'qemu',
      fd: 9,
      startTime: '8120',
      allowedCpus: [0, 1, 2, 3],
    })
  })

  it('leaves this process out', () => {
    const { fake, root, fn } = ownerHost()
    holder(fake, 812, { 9: said(BDF) })
    expect(new OwnerFinder(root, 812).ownerOf(fn)).toEqual({ owner: null, visible: true })
  })

  it('looks at the processes once, and at the group only for an fd that does not say', () => {
    const { fake, root } = ownerHost()
    holder(fake, 812, { 9: said(BDF) })
    const finder = new OwnerFinder(root)
    const fn = {
      bdf: BDF,
      get iommuGroup(): number {
        throw new Error('the group was read')
      },
    }
    expect(finder.ownerOf(fn).owner?.fd).toBe(9)
    holder(fake, 500, { 9: said(BDF) })
    expect(finder.ownerOf(fn).owner?.pid).toBe(812)
    finder.forget()
    expect(finder.ownerOf(fn).owner?.pid).toBe(500)
  })

  it('says that it cannot see everything', () => {
    const hidden = ownerHost()
    const guarded = new GuardedRoot(hidden.fake.folder)
    holder(hidden.fake, 700, {})
    expect(new OwnerFinder(guarded).ownerOf(hidden.fn)).toEqual({ owner: null, visible: false })
    holder(hidden.fake, 812, { 9: said(BDF) })
    expect(new OwnerFinder(guarded).ownerOf(hidden.fn)).toMatchObject({ visible: true })
    const empty = new Root(`${hidden.fake.folder}/sys`)
    expect(new OwnerFinder(empty).ownerOf(hidden.fn)).toEqual({ owner: null, visible: false })
  })

  it('goes through the processes of this machine', () => {
    const fn = { bdf: 'ffff:ff:1f.7', iommuGroup: null }
    expect(new OwnerFinder(new Root()).ownerOf(fn).owner).toBeNull()
  })
})
