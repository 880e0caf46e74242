import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Libc } from '../../../native-shims/libc.ts'
import { borrowFd, inheritedFd } from '../../../src/backend/linux/borrow.ts'
import { command, startTime } from '../../../src/backend/linux/proc.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import { fakeRoot } from './fake-root.ts'
import { real, skipped } from './open-real-libc.ts'
import { caught } from './owner-caught.ts'
import { openBelow } from './scripted-libc.ts'

const FN = { bdf: '0000:81:00.0', vendorId: '8086', deviceId: '159b' }
const root = new Root()

describe.skipIf(typeof real === 'string')(`borrowing between real processes${skipped}`, () => {
  const libc = real as Libc

  /** A file that only looks like a device, and a process that has it as fd 3. */
  async function process3(user: { uid?: number } = {}) {
    const fake = fakeRoot()
    fake.file('vfio-device', '')
    const fd = openSync(join(fake.folder, 'vfio-device'), 'r')
    const child: ChildProcess = spawn('sleep', ['60'], {
      ...user,
      stdio: ['ignore', 'ignore', 'ignore', fd],
    })
    closeSync(fd)
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child, 'spawn')
    const pid = child.pid ?? 0
    const start = startTime(root, pid) ?? ''
    return {
      fake,
      child,
      owner: { pid, command: command(root, pid) ?? '', fd: 3, startTime: start },
    }
  }

  it('notices that the fd is no device, and closes it', async () => {
    const { fake, owner } = await process3()
    const error = caught(() => borrowFd(root, libc, FN, owner))
    expect(error.exitCode).toBe(6)
    expect(error.message).toMatch(/^Cannot borrow the device: fd 3 of pid \d+ \(.+\) is "\/.+/)
    expect(error.message).toMatch(/, not this device$/)
    expect(openBelow(fake)).toEqual([])
  })

  it('explains an fd that is closed and a process that has ended', async () => {
    const { child, owner } = await process3()
    expect(caught(() => borrowFd(root, libc, FN, { ...owner, fd: 99 }))).toMatchObject({
      exitCode: 6,
      errno: 'EBADF',
    })
    expect(caught(() => borrowFd(root, libc, FN, { ...owner, startTime: '1' })).exitCode).toBe(6)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(caught(() => borrowFd(root, libc, FN, owner))).toMatchObject({
      exitCode: 4,
      errno: 'ESRCH',
    })
  })

  it.skipIf(process.geteuid?.() !== 0)('explains a missing right', async () => {
    const { owner } = await process3({ uid: 1234 })
    process.seteuid?.('nobody')
    try {
      const error = caught(() => borrowFd(root, libc, FN, owner))
      expect(error).toMatchObject({ exitCode: 5, errno: 'EPERM' })
    } finally {
      process.seteuid?.(0)
    }
  })

  it('inheritedFd() reaches files of this process and leaves them open', () => {
    const fake = fakeRoot()
    fake.file('vfio-device', '')
    const fd = openSync(join(fake.folder, 'vfio-device'), 'r')
    expect(caught(() => inheritedFd(root, libc, FN, fd)).message).toMatch(/, not this device$/)
    expect(openBelow(fake)).toEqual(['/vfio-device'])
    closeSync(fd)
    expect(caught(() => inheritedFd(root, libc, FN, fd)).errno).toBe('EBADF')
  })
})
