import { closeSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errnoNumber } from '../../../src/abi/errno.ts'
import { borrowFd, inheritedFd } from '../../../src/backend/linux/borrow.ts'
import { LinuxDevice } from '../../../src/backend/linux/linux-device.ts'
import type { FakeRoot } from './fake-root.ts'
import { caught } from './owner-caught.ts'
import { ANONYMOUS, BDF, holder, OTHER, ownerHost, said } from './owner-host.ts'
import { openBelow, type Script, ScriptedLibc } from './scripted-libc.ts'

const FN = { bdf: BDF, vendorId: '8086', deviceId: '159b' }
const OWNER = { pid: 812, command: 'qemu', fd: 9, startTime: '8120' }

/** An owner, and a kernel that lends an fd which looks like `lent`. */
function lending(lent = said(BDF), script: Partial<Script> = {}) {
  const { fake, root } = ownerHost()
  holder(fake, 812, { 9: said(BDF) })
  const libc = new ScriptedLibc(fake, { lent: (fd) => showOwn(fake, fd, lent), ...script })
  return { fake, root, libc, borrow: (owner = OWNER) => borrowFd(root, libc, FN, owner) }
}

/** What /proc/self says of an fd. */
function showOwn(fake: FakeRoot, fd: number, { link, fdinfo = '' }: ReturnType<typeof said>): void {
  fake.link(`/proc/self/fd/${fd}`, link)
  fake.file(`/proc/self/fdinfo/${fd}`, `pos:\t0\n${fdinfo}`)
}

describe('borrowFd()', () => {
  it.each([
    ['says what it is', said(BDF)],
    ['came from a group and does not say', { link: ANONYMOUS }],
    ['is a cdev', { link: '/dev/vfio/devices/vfio0' }],
  ])('lends an fd that %s and leaves nothing else open', (_, lent) => {
    const { fake, libc, borrow } = lending(lent)
    const fd = borrow()
    expect(openBelow(fake)).toEqual(['/device'])
    expect(libc.calls).toEqual([
      'pidfdOpen 812',
      'pidfdGetfd 9',
      'ioctl VFIO_DEVICE_GET_REGION_INFO',
    ])
    new LinuxDevice(libc, BDF, fd).close()
    expect(openBelow(fake)).toEqual([])
  })

  const from = 'Cannot borrow the device from pid 812 (qemu): '
  it.each([
    [1, 'ESRCH', 4, `${from}ESRCH, it has ended`, /another owner/],
    [1, 'ENOSYS', 3, `${from}ENOSYS, this kernel cannot lend open files`, /Linux 5\.6/],
    [1, 'EPERM', 5, `${from}EPERM, it needs CAP_SYS_PTRACE, or the owner's user`, /as root/],
    [1, 'EMFILE', 1, `${from}EMFILE, too many files are open here`, /ulimit -n/],
    [1, 'EINVAL', 1, `${from}EINVAL, the kernel does not lend its open file`, undefined],
    [2, 'ESRCH', 4, `${from}ESRCH, it has ended`, /another owner/],
    [2, 'EBADF', 6, `${from}EBADF, its fd 9 is closed`, /again/],
    [2, 'EPERM', 5, `${from}EPERM, it needs CAP_SYS_PTRACE, or the owner's user`, /seccomp/],
    [2, 'EACCES', 5, `${from}EACCES, it needs CAP_SYS_PTRACE, or the owner's user`, /as root/],
    [2, 'EMFILE', 1, `${from}EMFILE, too many files are open here`, /ulimit -n/],
    [2, 'ENOSYS', 3, `${from}ENOSYS, this kernel cannot lend open files`, /Linux 5\.6/],
    [
      3,
      'EINVAL',
      6,
      'Cannot borrow the device: fd 9 of pid 812 (qemu) is not in use yet: EINVAL, bound to no iommufd',
      /tphctl info/,
    ],
    [
      3,
      'EIO',
      6,
      'Cannot borrow the device: fd 9 of pid 812 (qemu) does not show its config space: EIO',
      /tphctl info/,
    ],
  ])('explains call %i failing with %s', (call, name, exitCode, message, hint) => {
    const errno = errnoNumber(name) ?? 0
    const { fake, borrow } = lending(said(BDF), { fail: { call, errno } })
    const error = caught(() => borrow())
    expect(error).toMatchObject({ exitCode, message, device: BDF })
    if (hint === undefined) expect(error.hint).toBeUndefined()
    else expect(error.hint).toMatch(hint)
    expect(openBelow(fake)).toEqual([])
  })

  it.each([
    ['3', 'Yama forbids it to everybody (kernel.yama.ptrace_scope is 3)', /--fd N/],
    ['2', 'it needs CAP_SYS_PTRACE (kernel.yama.ptrace_scope is 2)', /as root/],
    ['1', 'it needs CAP_SYS_PTRACE (kernel.yama.ptrace_scope is 1)', /as root/],
    ['0', "it needs CAP_SYS_PTRACE, or the owner's user", /as root/],
  ])('says what Yama at %s has to do with EPERM', (scope, why, hint) => {
    const { fake, borrow } = lending(said(BDF), { fail: { call: 2, errno: 1 } })
    fake.file('/proc/sys/kernel/yama/ptrace_scope', `${scope}\n`)
    const error = caught(() => borrow())
    expect(error).toMatchObject({ exitCode: 5, message: `${from}EPERM, ${why}` })
    expect(error.hint).toMatch(hint)
  })

  const reused = `${from}another process has its pid now`
  it.each([
    ['before the fd is lent', 'pidfdOpen', 1],
    ['while the fd is lent', 'pidfdGetfd', 2],
  ])('notices another process under the pid %s', (_, during, calls) => {
    const host = lending()
    host.libc.script.before = (call) => {
      if (call !== during) return
      host.fake.process({ pid: 812, comm: 'sshd', startTime: 99, allowed: '0', fds: {} })
    }
    expect(caught(() => host.borrow())).toMatchObject({ exitCode: 6, message: reused })
    expect(host.libc.calls).toHaveLength(calls)
    expect(openBelow(host.fake)).toEqual([])
  })

  it.each(['pidfdOpen', 'pidfdGetfd'])('notices that the owner ends during %s', (during) => {
    const host = lending()
    host.libc.script.before = (call) => {
      if (call === during) host.fake.file('/proc/812/stat', '')
    }
    expect(caught(() => host.borrow())).toMatchObject({ exitCode: 4, errno: 'ESRCH' })
    expect(openBelow(host.fake)).toEqual([])
  })

  it.each([
    ['another device', said(OTHER), 'is "0000:82:00.0", not this device'],
    ['another cdev', { link: '/dev/vfio/devices/vfio1' }, 'is "/dev/vfio/devices/vfio1", not'],
    ['a socket', { link: 'socket:[5]' }, 'is "socket:[5]", not this device'],
    ['a group', { link: '/dev/vfio/12' }, 'is "/dev/vfio/12", not this device'],
    ['a file with escapes', { link: '/tmp/\u001b[2J' }, 'is "/tmp/\\u001b[2J", not this device'],
  ])('makes no ioctl on an fd that has become %s', (_, lent, why) => {
    const { fake, libc, borrow } = lending(lent)
    const error = caught(() => borrow())
    expect(error).toMatchObject({ exitCode: 6, device: BDF })
    expect(error.message).toContain(`Cannot borrow the device: fd 9 of pid 812 (qemu) ${why}`)
    expect(libc.calls).toEqual(['pidfdOpen 812', 'pidfdGetfd 9'])
    expect(openBelow(fake)).toEqual([])
  })

  it('refuses an fd that /proc does not show', () => {
    const { fake, borrow } = lending(said(BDF), { lent: () => {} })
    expect(caught(() => borrow()).message).toMatch(/cannot be looked at in \/proc\/self\/fd$/)
    expect(openBelow(fake)).toEqual([])
  })

  it.each([
    ['another vendor', [0xde, 0x10, 0x9b, 0x15], 'is a device 10de:159b, not 8086:159b'],
    ['another device', [0x86, 0x80, 0x9c, 0x15], 'is a device 8086:159c, not 8086:159b'],
    ['no device', [0xff, 0xff, 0xff, 0xff], 'reads as all ones: the device does not answer'],
    ['too little', [0x86, 0x80], 'shows no config space'],
  ])('compares the ids: %s', (_, ids, why) => {
    const { fake, borrow } = lending({ link: ANONYMOUS }, { config: Uint8Array.from(ids) })
    const message = `Cannot borrow the device: fd 9 of pid 812 (qemu) ${why}`
    expect(caught(() => borrow())).toMatchObject({ exitCode: 6, message })
    expect(openBelow(fake)).toEqual([])
  })

  it('names an owner with terminal escapes in its name safely', () => {
    const { borrow } = lending(said(BDF), { fail: { call: 1, errno: 3 } })
    const { message } = caught(() => borrow({ ...OWNER, command: '\u001b]0;x\u0007' }))
    expect(message).toContain('pid 812 (\\u001b]0;x\\u0007)')
  })
})

describe('inheritedFd()', () => {
  function inheriting(fds: Parameters<typeof holder>[2]) {
    const host = lending()
    holder(host.fake, process.pid, fds, 'tphctl')
    for (const [fd, shown] of Object.entries(fds)) showOwn(host.fake, +fd, shown as never)
    return { ...host, inherit: (fd: number) => inheritedFd(host.root, host.libc, FN, fd) }
  }

  it('gives another number for the fd, which stays open', () => {
    const { fake, libc, inherit } = inheriting({ 70: said(BDF) })
    const fd = inherit(70)
    expect(fd).not.toBe(70)
    expect(libc.calls.slice(0, 2)).toEqual([`pidfdOpen ${process.pid}`, 'pidfdGetfd 70'])
    closeSync(fd)
    expect(openBelow(fake)).toEqual([])
  })

  it('refuses an fd that is not there before any call', () => {
    const { libc, inherit } = inheriting({})
    const error = caught(() => inherit(71))
    expect(error).toMatchObject({ exitCode: 4, errno: 'EBADF', device: BDF })
    expect(error.message).toBe('Cannot use fd 71: EBADF, this process was started without it')
    expect(libc.calls).toEqual([])
  })

  it('checks it as any other', () => {
    const { fake, libc, inherit } = inheriting({ 70: said(BDF) })
    libc.script.config = Uint8Array.of(1, 2, 3, 4)
    expect(caught(() => inherit(70)).message).toMatch(/\(tphctl\) is a device 0201:0403, not/)
    expect(openBelow(fake)).toEqual([])
  })
})
