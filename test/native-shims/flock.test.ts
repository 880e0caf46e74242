import { once } from 'node:events'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN } from '../../native-shims/libc.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { describeBindings } from './bindings.ts'
import { buildChild, nextOutput, start } from './children.ts'
import { NOT_OPEN, open } from './descriptors.ts'

const EBADF = 9
const EAGAIN = 11
const EINVAL = 22

function lockFile(): string {
  const path = join(temporaryDirectory(), 'lock')
  writeFileSync(path, '')
  return path
}

describeBindings('flock()', (libc) => {
  it('returns -EAGAIN while another open file of this process holds the lock', () => {
    const path = lockFile()
    const [one, other] = [open(path), open(path)]
    expect(libc.flock(one, LOCK_EX | LOCK_NB)).toBe(0)
    expect(libc.flock(other, LOCK_EX | LOCK_NB)).toBe(-EAGAIN)
    expect(libc.flock(other, LOCK_SH | LOCK_NB)).toBe(-EAGAIN)
    expect(libc.flock(one, LOCK_UN)).toBe(0)
    expect(libc.flock(other, LOCK_EX | LOCK_NB)).toBe(0)
  })

  it('gives the lock back on close', () => {
    const path = lockFile()
    const one = openSync(path, 'r')
    expect(libc.flock(one, LOCK_EX)).toBe(0)
    closeSync(one)
    expect(libc.flock(open(path), LOCK_EX | LOCK_NB)).toBe(0)
  })

  it('shares LOCK_SH', () => {
    const path = lockFile()
    expect(libc.flock(open(path), LOCK_SH | LOCK_NB)).toBe(0)
    expect(libc.flock(open(path), LOCK_SH | LOCK_NB)).toBe(0)
    expect(libc.flock(open(path), LOCK_EX | LOCK_NB)).toBe(-EAGAIN)
  })

  it('returns -EAGAIN while another process holds the lock, 0 once that is killed', async () => {
    const path = lockFile()
    const holder = start(process.execPath, [buildChild(), libc.name, 'lock', path])
    expect(await nextOutput(holder)).toBe('[0]\n')
    const fd = open(path)
    expect(libc.flock(fd, LOCK_EX | LOCK_NB)).toBe(-EAGAIN)
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(libc.flock(fd, LOCK_EX | LOCK_NB)).toBe(0)
  })

  it('keeps another process out', async () => {
    const path = lockFile()
    expect(libc.flock(open(path), LOCK_EX | LOCK_NB)).toBe(0)
    const other = start(process.execPath, [buildChild(), libc.name, 'lock', path])
    expect(await nextOutput(other)).toBe(`[${-EAGAIN}]\n`)
  })

  it('without LOCK_NB waits for the holder', async () => {
    const path = lockFile()
    const script = 'flock 9; echo held; sleep 0.3'
    const holder = start('sh', ['-c', `{ ${script}; } 9<"$0"`, path])
    expect(await nextOutput(holder)).toBe('held\n')
    const before = performance.now()
    expect(libc.flock(open(path), LOCK_EX)).toBe(0)
    expect(performance.now() - before).toBeGreaterThan(100)
  })

  it.each([
    ['-EBADF for no descriptor', () => NOT_OPEN, LOCK_EX | LOCK_NB, -EBADF],
    ['-EINVAL for no operation', () => open(lockFile()), 0, -EINVAL],
  ])('returns %s', (_, fd, operation, expected) => {
    expect(libc.flock(fd(), operation)).toBe(expected)
  })
})
