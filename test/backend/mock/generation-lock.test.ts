import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { GenerationLock, type LockCalls } from '../../../src/backend/mock/generation-lock.ts'
import { ownText } from '../../../src/backend/mock/lock-holder.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'

/** A lock directory with these generations: name to link text. */
function directoryWith(links: Readonly<Record<string, string>> = {}): string {
  const directory = join(temporaryDirectory(), 'lock')
  mkdirSync(directory)
  for (const [name, text] of Object.entries(links)) symlinkSync(text, join(directory, name))
  return directory
}

const CALLS: LockCalls = { symlink: symlinkSync, unlink: unlinkSync }

/** A lock that does something else between its first look and its first claim. */
function slowLock(directory: string, meanwhile: () => void): GenerationLock {
  let isFirst = true
  return new GenerationLock(directory, {
    ...CALLS,
    symlink(text, path) {
      if (isFirst) meanwhile()
      isFirst = false
      symlinkSync(text, path)
    },
  })
}

/** The pid of a process that has ended and was waited for. */
const deadPid = () => spawnSync('true').pid

describe('GenerationLock', () => {
  it('is had by one, and by the next when that one releases', () => {
    const directory = directoryWith()
    const [one, other] = [new GenerationLock(directory), new GenerationLock(directory)]
    expect(one.tryAcquire()).toBeNull()
    expect(other.tryAcquire()).toMatchObject({ pid: process.pid })
    one.release()
    expect(other.tryAcquire()).toBeNull()
    expect(one.tryAcquire()).toMatchObject({ pid: process.pid })
  })

  it('can be taken again and again, and leaves one link', () => {
    const directory = directoryWith()
    const lock = new GenerationLock(directory)
    for (let i = 0; i < 20; i++) {
      expect(lock.tryAcquire()).toBeNull()
      lock.release()
    }
    expect(readdirSync(directory)).toHaveLength(1)
  })

  it('is taken from a holder that is dead', () => {
    const directory = directoryWith({ 7: `${deadPid()}:123` })
    expect(new GenerationLock(directory).tryAcquire()).toBeNull()
    expect(readdirSync(directory)).toEqual(['8'])
  })

  it('is not taken from a holder that runs', () => {
    const directory = directoryWith({ 7: ownText() })
    expect(new GenerationLock(directory).tryAcquire()).toMatchObject({ pid: process.pid })
    expect(readdirSync(directory)).toEqual(['7'])
  })

  it('counts only the highest generation, in numeric order', () => {
    const directory = directoryWith({ 9: ownText(), 10: 'free', notes: 'x' })
    expect(new GenerationLock(directory).tryAcquire()).toBeNull()
    expect(readdirSync(directory).sort()).toEqual(['11', 'notes'])
  })

  it('is not had by a slow claimant that makes a generation anew which the others left behind', () => {
    const directory = directoryWith({ 5: `${deadPid()}:1` })
    let ran = 0
    const slow = slowLock(directory, () => {
      const quick = new GenerationLock(directory)
      for (let i = 0; i < 2; i++) {
        expect(quick.tryAcquire()).toBeNull()
        quick.release()
        ran += 1
      }
    })
    expect(slow.tryAcquire()).toBe('lost')
    expect(ran).toBe(2)
    expect(readdirSync(directory)).toEqual(['9'])
    expect(new GenerationLock(directory).tryAcquire()).toBeNull()
  })

  it('is lost to one who claims the same generation first', () => {
    const directory = directoryWith({ 5: 'free' })
    const quick = new GenerationLock(directory)
    const slow = slowLock(directory, () => expect(quick.tryAcquire()).toBeNull())
    expect(slow.tryAcquire()).toBe('lost')
    expect(slow.tryAcquire()).toMatchObject({ pid: process.pid })
    quick.release()
    expect(slow.tryAcquire()).toBeNull()
  })

  it('release() by one that does not hold it frees nothing', () => {
    const directory = directoryWith()
    const [holder, other] = [new GenerationLock(directory), new GenerationLock(directory)]
    holder.tryAcquire()
    other.release()
    expect(other.tryAcquire()).not.toBeNull()
    other.release()
    expect(other.tryAcquire()).not.toBeNull()
    holder.release()
    holder.release()
    expect(other.tryAcquire()).toBeNull()
  })
})

describe('a GenerationLock that cannot write its directory', () => {
  /** A lock whose calls of that name fail while `failing.now`. */
  function failingLock(directory: string, name: keyof LockCalls, code: string) {
    const failing = { now: false }
    const call = (...words: [string, string]) => {
      if (failing.now) throw Object.assign(new Error(code), { code })
      if (name === 'symlink') symlinkSync(...words)
      else unlinkSync(words[0])
    }
    return { failing, lock: new GenerationLock(directory, { ...CALLS, [name]: call }) }
  }

  it.each(['ENOSPC', 'EROFS', 'EACCES', 'EDQUOT'])(
    'stays with its process when release() meets %s, and can be had again and be released',
    (code) => {
      const directory = directoryWith()
      const other = new GenerationLock(directory)
      const { failing, lock } = failingLock(directory, 'symlink', code)
      expect(lock.tryAcquire()).toBeNull()
      failing.now = true
      for (let i = 0; i < 2; i++) {
        lock.release()
        expect(readdirSync(directory)).toEqual(['1'])
        expect(lock.tryAcquire()).toBeNull()
        expect(lock.tryAcquire()).toMatchObject({ pid: process.pid })
        expect(other.tryAcquire()).toMatchObject({ pid: process.pid })
      }
      lock.release()
      failing.now = false
      // The process has it, so that any of its objects can take and free it.
      expect(other.tryAcquire()).toBeNull()
      expect(lock.tryAcquire()).toMatchObject({ pid: process.pid })
      other.release()
      expect(lock.tryAcquire()).toBeNull()
      expect(readdirSync(directory)).toEqual(['3'])
    },
  )

  it('is lost, not held twice, when its directory was removed after a release() that failed', () => {
    const directory = directoryWith()
    const { failing, lock } = failingLock(directory, 'symlink', 'ENOSPC')
    lock.tryAcquire()
    failing.now = true
    lock.release()
    failing.now = false
    unlinkSync(join(directory, '1'))
    symlinkSync(ownText(), join(directory, '2'))
    expect(lock.tryAcquire()).toBe('lost')
    expect(lock.tryAcquire()).toMatchObject({ pid: process.pid })
  })

  it('is held although lower generations cannot be removed; the next holder removes them', () => {
    const directory = directoryWith({ 5: 'free' })
    const { failing, lock } = failingLock(directory, 'unlink', 'EACCES')
    failing.now = true
    expect(lock.tryAcquire()).toBeNull()
    expect(new GenerationLock(directory).tryAcquire()).toMatchObject({ pid: process.pid })
    lock.release()
    expect(readdirSync(directory).sort()).toEqual(['5', '6', '7'])
    expect(new GenerationLock(directory).tryAcquire()).toBeNull()
    expect(readdirSync(directory)).toEqual(['8'])
  })

  it('says so when it cannot be claimed, and is not held', () => {
    const directory = directoryWith()
    const { failing, lock } = failingLock(directory, 'symlink', 'ENOSPC')
    failing.now = true
    expect(() => lock.tryAcquire()).toThrow('ENOSPC')
    expect(new GenerationLock(directory).tryAcquire()).toBeNull()
  })
})
