import { symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { acquire } from '../../../src/backend/mock/acquire.ts'
import { GenerationLock } from '../../../src/backend/mock/generation-lock.ts'
import { ownText } from '../../../src/backend/mock/lock-holder.ts'
import { BusyError } from '../../../src/errors.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'

function lockSaying(text: string): GenerationLock {
  const directory = temporaryDirectory()
  symlinkSync(text, `${directory}/7`)
  return new GenerationLock(directory)
}

/** What taking it fails with. */
function failure(lock: GenerationLock, hint?: string): BusyError {
  try {
    acquire(lock, 0, 'the device', hint)
  } catch (error) {
    if (error instanceof BusyError) return error
  }
  return expect.fail('there is no BusyError')
}

describe('acquire()', () => {
  it('names the holder when the wait is over', () => {
    expect(failure(lockSaying(ownText())).message).toMatch(
      new RegExp(`^Cannot lock the device: EBUSY, held by pid ${process.pid} \\(.+\\)$`),
    )
  })

  it('says what is in the lock when that names no process', () => {
    expect(() => acquire(lockSaying('x'), 0, 'it')).toThrow(
      'Cannot lock it: EBUSY, held by an unknown process (its link says "x")',
    )
  })

  it.each([[undefined], ['do this']])('gives the hint that its caller gives: %s', (hint) => {
    expect(failure(lockSaying(ownText()), hint).hint).toBe(hint)
  })

  it('waits no longer than it was told', () => {
    const lock = lockSaying(ownText())
    const start = Date.now()
    expect(() => acquire(lock, 0.2, 'it')).toThrow(BusyError)
    expect(Date.now() - start).toBeGreaterThanOrEqual(200)
  })

  it('names nobody when each time somebody else is quicker, and then only after a while', () => {
    const exists = Object.assign(new Error('EEXIST'), { code: 'EEXIST' })
    const symlink = () => {
      throw exists
    }
    const lock = new GenerationLock(temporaryDirectory(), { symlink, unlink() {} })
    const start = Date.now()
    expect(() => acquire(lock, 0, 'it')).toThrow(
      'Cannot lock it: EBUSY, others take it again and again',
    )
    expect(Date.now() - start).toBeGreaterThanOrEqual(1000)
  })
})
