import { describe, expect, it } from 'vitest'
import { OwnerFinder } from '../../../src/backend/linux/owner-finder.ts'
import { caught } from './owner-caught.ts'
import { ANONYMOUS, BDF, GuardedRoot, holder, OTHER, ownerHost, said } from './owner-host.ts'

const anonymous = { link: ANONYMOUS }
const group = { link: '/dev/vfio/12' }
const otherGroup = { link: '/dev/vfio/13' }

describe('find()', () => {
  const any = { pid: null, fd: null }

  it.each([
    [any, 700],
    [{ pid: 812, fd: null }, 812],
    [{ pid: 812, fd: 9 }, 812],
  ])('takes what %o names', (wish, pid) => {
    const { fake, root, fn } = ownerHost()
    for (const one of [700, 812]) holder(fake, one, { 9: said(BDF) })
    expect(new OwnerFinder(root).find(fn, wish)).toMatchObject({ pid, fd: 9, startTime: `${pid}0` })
  })

  it.each([
    [{ 5: group, 6: otherGroup, 9: anonymous, 10: anonymous }, 10],
    [{ 9: anonymous }, 9],
  ])('takes the word of the user for one of %o', (fds, fd) => {
    const { fake, root, fn } = ownerHost()
    holder(fake, 812, fds)
    expect(new OwnerFinder(root).find(fn, { pid: 812, fd }).fd).toBe(fd)
  })

  it('takes an fd without a pid for one of this process', () => {
    const { fake, root, fn } = ownerHost()
    holder(fake, process.pid, { 7: said(BDF) }, 'tphctl')
    expect(new OwnerFinder(root, process.pid).find(fn, { pid: null, fd: 7 }).pid).toBe(process.pid)
  })

  it.each([
    [any, {}, 6, /^Cannot reach the device: nobody holds it open/],
    [
      any,
      { 5: group, 6: otherGroup, 9: anonymous, 10: anonymous },
      6,
      /^Cannot tell which open VFIO device is this one before Linux 6.18: pid 812 \(qemu\) has fds 9, 10 --pid 812 --fd N$/,
    ],
    [any, { 9: anonymous }, 6, /pid 812 \(qemu\) has fd 9 --pid 812 --fd 9$/],
    [{ pid: 812, fd: null }, { 9: anonymous }, 6, /has fd 9 --pid 812 --fd 9$/],
    [{ pid: 5, fd: null }, {}, 4, /^Cannot find the owner: ESRCH, there is no process 5 /],
    [{ pid: 5, fd: 9 }, {}, 4, /there is no process 5 /],
    [
      { pid: 812, fd: null },
      { 9: said(OTHER) },
      4,
      /pid 812 \(qemu\) does not hold the device open /,
    ],
    [{ pid: 812, fd: 8 }, { 9: said(BDF) }, 4, /EBADF, pid 812 \(qemu\) has no fd 8 /],
    [
      { pid: 812, fd: 9 },
      { 9: said(OTHER) },
      4,
      /fd 9 of pid 812 \(qemu\) is "0000:82:00.0", not this/,
    ],
    [{ pid: 812, fd: 9 }, { 9: { link: 'socket:[3]' } }, 4, /is "socket:\[3\]", not this device /],
    [
      { pid: 812, fd: 9 },
      { 5: otherGroup, 9: anonymous },
      4,
      /is "anon_inode:\[vfio-device\]", not/,
    ],
  ])('refuses %o of %o with exit %i', (wish, fds, exitCode, text) => {
    const { fake, root, fn } = ownerHost()
    holder(fake, 812, fds)
    const error = caught(() => new OwnerFinder(root).find(fn, wish))
    expect(error).toMatchObject({ exitCode, device: BDF })
    expect(`${error.message} ${error.hint?.replace(/^name the owner and its fd: /, '')}`).toMatch(
      text,
    )
  })

  it('asks for pid and fd where several processes may be meant', () => {
    const { fake, root, fn } = ownerHost()
    for (const pid of [700, 812]) holder(fake, pid, { 9: anonymous })
    const { message, hint } = caught(() => new OwnerFinder(root).find(fn, any))
    expect(message).toContain('pid 700 (qemu) has fd 9, pid 812 (qemu) has fd 9')
    expect(hint).toBe('name the owner and its fd: --pid PID --fd N')
  })

  it.each([
    [any, "Cannot find the device's owner: EACCES, other users' processes cannot be seen"],
    [
      { pid: 700, fd: 9 },
      "Cannot see the open files of pid 700 (qemu): EACCES, they are another user's",
    ],
  ])('needs the right to see %o', (wish, message) => {
    const { fake, fn } = ownerHost()
    holder(fake, 700, { 9: said(BDF) })
    const finder = new OwnerFinder(new GuardedRoot(fake.folder))
    expect(caught(() => finder.find(fn, wish))).toMatchObject({
      exitCode: 5,
      errno: 'EACCES',
      message,
    })
  })

  it('lets no name of a process reach a terminal as it is', () => {
    const { fake, root, fn } = ownerHost()
    holder(fake, 812, {}, '\u001b[2J\u202e\nx')
    const { message } = caught(() => new OwnerFinder(root).find(fn, { pid: 812, fd: null }))
    expect(message).toContain('pid 812 (\\u001b[2J\\u202e\\u000ax) does')
  })
})
