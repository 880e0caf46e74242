import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { E, errnoNumber } from '../../../src/abi/errno.ts'
import { takeFlock } from '../../../src/backend/linux/flock-lock.ts'
import { fakeRoot } from './fake-root.ts'
import { caught } from './owner-caught.ts'
import { openBelow, type Script, ScriptedLibc } from './scripted-libc.ts'

const BDF = '0000:81:00.0'

function place(script: Partial<Script> = {}) {
  const fake = fakeRoot()
  const directory = join(fake.folder, 'run', 'tphctl')
  const path = join(directory, `${BDF}.lock`)
  const libc = new ScriptedLibc(fake, script)
  return {
    fake,
    libc,
    directory,
    path,
    take: (wait = 0) => takeFlock(libc, { directory, user: process.geteuid?.() ?? 0 }, BDF, wait),
  }
}

describe('takeFlock()', () => {
  it('makes a private directory and file and says there who holds it', () => {
    const { fake, libc, directory, path, take } = place()
    const lock = take()
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toBe(
      `${process.pid} ${readFileSync('/proc/self/comm', 'utf8')}`,
    )
    expect(openBelow(fake)).toHaveLength(1)
    lock.release()
    lock.release()
    expect(libc.calls).toEqual(['flock 6', 'flock LOCK_UN'])
    expect(readFileSync(path, 'utf8')).toBe('')
    expect(openBelow(fake)).toEqual([])
  })

  it('leaves the file to the next', () => {
    const { path, take } = place()
    take().release()
    const { ino } = statSync(path)
    take().release()
    expect(statSync(path).ino).toBe(ino)
  })

  it.each([
    ['812 tphctl\n', 'pid 812 (tphctl)'],
    ['812 \u001b[2J b\n', 'pid 812 (\\u001b[2J b)'],
    ['', 'another process'],
    ['rubbish', 'another process'],
    [`812 ${'x'.repeat(200)}\n`, `pid 812 (${'x'.repeat(60)})`],
  ])('names the holder that wrote %j', (text, holder) => {
    const { fake, directory, path, take } = place({ lockedTimes: 1 })
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    writeFileSync(path, text)
    expect(caught(take)).toMatchObject({
      exitCode: 6,
      errno: 'EBUSY',
      message: `Cannot lock the device: EBUSY, held by ${holder}`,
      hint: 'wait for it with --wait SECONDS',
    })
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(openBelow(fake)).toEqual([])
  })

  it('waits no longer than it was told', () => {
    const { take, libc } = place({ lockedTimes: 1e9 })
    const start = Date.now()
    expect(caught(() => take(0.2)).exitCode).toBe(6)
    expect(Date.now() - start).toBeGreaterThanOrEqual(200)
    expect(libc.calls.length).toBeGreaterThan(5)
  })

  it('gets the lock once it is free', () => {
    const { take, libc } = place({ lockedTimes: 3 })
    take(5).release()
    expect(libc.calls).toHaveLength(5)
  })

  it('tries again after a signal and gives up on other errors', () => {
    const interrupted = place({ fail: { call: 1, errno: E.EINTR } })
    interrupted.take(1).release()
    const { fake, take } = place({ fail: { call: 1, errno: errnoNumber('ENOLCK') ?? 0 } })
    expect(caught(() => take(5))).toMatchObject({
      exitCode: 1,
      errno: 'ENOLCK',
      message: 'Cannot lock the device: ENOLCK, the kernel gives no lock on its lock file',
    })
    expect(openBelow(fake)).toEqual([])
  })
})
