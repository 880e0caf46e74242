import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, readSync, writeSync } from 'node:fs'
import { expect, it } from 'vitest'
import { describeBindings } from './bindings.ts'
import { buildChild, start } from './children.ts'
import { closedLater, NOT_OPEN, open, openPipe } from './descriptors.ts'

const EPERM = 1
const ESRCH = 3
const EBADF = 9
const EINVAL = 22
const NOBODY = 65_534
const FD_IN_CHILD = 3

/** A process that has a descriptor open as number 3 and does nothing with it. */
function holder(fd: number): number {
  const child = start('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', fd] })
  if (child.pid === undefined) throw new Error('Cannot run sleep')
  return child.pid
}

function deadPid(): number {
  return spawnSync('true').pid
}

describeBindings('pidfdOpen()', (libc) => {
  it('opens this process', () => {
    const pidfd = libc.pidfdOpen(process.pid)
    expect(pidfd).toBeGreaterThan(2)
    closeSync(pidfd)
  })

  it.each([
    ['-ESRCH for a dead process', deadPid, -ESRCH],
    ['-EINVAL for process 0', () => 0, -EINVAL],
    ['-EINVAL for process -1', () => -1, -EINVAL],
  ])('returns %s', (_, pid, expected) => {
    expect(libc.pidfdOpen(pid())).toBe(expected)
  })
})

describeBindings('pidfdGetfd()', (libc) => {
  it("borrows a child's pipe: bytes written through it arrive", () => {
    const pipe = openPipe()
    const pidfd = closedLater(libc.pidfdOpen(holder(pipe)))
    const borrowed = closedLater(libc.pidfdGetfd(pidfd, FD_IN_CHILD))
    expect(borrowed).not.toBe(pipe)
    writeSync(borrowed, 'through the child')
    const received = Buffer.alloc(64)
    expect(received.toString('utf8', 0, readSync(pipe, received))).toBe('through the child')
  })

  it('shares the file position with the owner: it is the same open file', () => {
    const file = open('/proc/self/maps')
    const pidfd = closedLater(libc.pidfdOpen(holder(file)))
    const borrowed = closedLater(libc.pidfdGetfd(pidfd, FD_IN_CHILD))
    const [first, second] = [Buffer.alloc(16), Buffer.alloc(16)]
    readSync(file, first)
    readSync(borrowed, second)
    expect(second).not.toEqual(first)
  })

  it.each([NOT_OPEN, -1])('returns -EBADF for descriptor %i of the owner', (fd) => {
    const pidfd = closedLater(libc.pidfdOpen(holder(openPipe())))
    expect(libc.pidfdGetfd(pidfd, fd)).toBe(-EBADF)
  })

  it.each([
    ['no descriptor', () => NOT_OPEN],
    ['no pidfd', () => open('/dev/null')],
  ])('returns -EBADF for what is %s', (_, pidfd) => {
    expect(libc.pidfdGetfd(pidfd(), 0)).toBe(-EBADF)
  })

  it('returns -ESRCH when the owner has ended since pidfdOpen()', async () => {
    const child = start('sleep', ['60'])
    const pidfd = closedLater(libc.pidfdOpen(child.pid ?? 0))
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(libc.pidfdGetfd(pidfd, 0)).toBe(-ESRCH)
  })

  it("returns -EPERM for another user's process", ({ skip }) => {
    if (process.getuid?.() !== 0) skip('needs root to become another user')
    const program = buildChild()
    const asNobody = (...args: string[]) =>
      spawnSync(process.execPath, [program, libc.name, ...args], {
        uid: NOBODY,
        gid: NOBODY,
        cwd: '/',
        encoding: 'utf8',
      })
    const trial = asNobody('call')
    if (trial.status !== 0) skip(`nobody cannot run it: ${trial.error ?? trial.stderr}`)
    expect(JSON.parse(asNobody('borrow', `${process.pid}`, '0').stdout)).toEqual([true, -EPERM])
  })
})
