import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { acquire } from '../../../src/backend/mock/acquire.ts'
import { GenerationLock } from '../../../src/backend/mock/generation-lock.ts'
import { BusyError } from '../../../src/errors.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'

/** Field 22 of /proc/self/stat (proc(5)). */
const ownStart = readFileSync('/proc/self/stat', 'utf8').replace(/.*\) /s, '').split(' ')[19] ?? ''

/** A lock directory with these generations: name to link text. */
function directoryWith(links: Readonly<Record<string, string>> = {}): string {
  const directory = join(temporaryDirectory(), 'lock')
  mkdirSync(directory)
  for (const [name, text] of Object.entries(links)) symlinkSync(text, join(directory, name))
  return directory
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

  it('is taken from a holder whose pid is another process by now', () => {
    const directory = directoryWith({ 7: `${process.pid}:${Number(ownStart) - 1}` })
    expect(new GenerationLock(directory).tryAcquire()).toBeNull()
  })

  it('is not taken from a holder that runs', () => {
    const directory = directoryWith({ 7: `${process.pid}:${ownStart}` })
    expect(new GenerationLock(directory).tryAcquire()).toMatchObject({ pid: process.pid })
    expect(readdirSync(directory)).toEqual(['7'])
  })

  it.each(['x', ':', '0:', '-1:5', '1e9:1'])('is taken from the nonsense %j', (text) => {
    expect(new GenerationLock(directoryWith({ 1: text })).tryAcquire()).toBeNull()
  })

  it('counts only the highest generation, in numeric order', () => {
    const directory = directoryWith({ 9: `${process.pid}:${ownStart}`, 10: 'free', notes: 'x' })
    expect(new GenerationLock(directory).tryAcquire()).toBeNull()
    expect(readdirSync(directory).sort()).toEqual(['11', 'notes'])
  })

  it('is not had by a slow claimant that makes a generation anew which the others left behind', () => {
    const directory = directoryWith({ 5: `${deadPid()}:1` })
    let ran = 0
    beforeNextClaim(() => {
      const quick = new GenerationLock(directory)
      for (let i = 0; i < 2; i++) {
        expect(quick.tryAcquire()).toBeNull()
        quick.release()
        ran += 1
      }
    })
    expect(new GenerationLock(directory).tryAcquire()).not.toBeNull()
    expect(ran).toBe(2)
    expect(readdirSync(directory)).toEqual(['9'])
    expect(new GenerationLock(directory).tryAcquire()).toBeNull()
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

describe('acquire()', () => {
  it('names the holder when the wait is over', () => {
    const directory = directoryWith({ 7: `${process.pid}:${ownStart}` })
    const comm = readFileSync('/proc/self/comm', 'utf8').trim()
    const wait = () => acquire(new GenerationLock(directory), 0, 'the device')
    expect(wait).toThrow(BusyError)
    expect(wait).toThrow(`Cannot lock the device: EBUSY, held by pid ${process.pid} (${comm})`)
  })

  it('waits no longer than it was told', () => {
    const directory = directoryWith({ 7: `${process.pid}:${ownStart}` })
    const start = Date.now()
    expect(() => acquire(new GenerationLock(directory), 0.2, 'it')).toThrow(BusyError)
    expect(Date.now() - start).toBeGreaterThanOrEqual(200)
  })
})

/** Runs `meanwhile` once, when the next claimant asks for its own pid: after its look, before its claim. */
function beforeNextClaim(meanwhile: () => void): void {
  const { pid } = process
  const restore = () => Object.defineProperty(process, 'pid', { value: pid })
  const get = () => {
    restore()
    meanwhile()
    return pid
  }
  Object.defineProperty(process, 'pid', { get, configurable: true })
  onTestFinished(() => void restore())
}
