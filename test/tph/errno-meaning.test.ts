import { describe, expect, it } from 'vitest'
import { E } from '../../src/abi/errno.ts'
import { callFailed, errnoError, explainErrno, NOT_THERE } from '../../src/tph/errno-meaning.ts'

describe('callFailed()', () => {
  it.each([
    ['EINVAL', 'the kernel does not accept this request', 'refused'],
    ['ENOTTY', 'the kernel has no TPH_ST feature for this device', 'unsupported'],
    ['EOPNOTSUPP', 'the device or its root port does not support this', 'unsupported'],
    ['EPERM', 'the kernel does not permit it', 'permission'],
    ['EACCES', 'the kernel does not permit it', 'permission'],
    ['ENODEV', 'the device is gone', 'refused'],
    ['ENXIO', 'the device has no such entry or vector', 'refused'],
    ['EIO', 'the device did not answer', 'refused'],
    ['EBUSY', 'the kernel says the device is busy', 'refused'],
    ['ENOMEM', 'the kernel is out of memory', 'refused'],
    ['EFAULT', 'the kernel could not read the request', 'refused'],
    ['EINTR', 'a signal interrupted every attempt', 'refused'],
    ['EBADF', 'the kernel refused', 'refused'],
  ] as const)('of %s says that %s', (errno, meaning, code) => {
    const message = `Cannot set entry 0: ${errno}, ${meaning}`
    expect(callFailed('set entry 0', E[errno])).toMatchObject({ code, message, errno })
  })

  it('says what an interface means by an errno before what others do', () => {
    const own = { [E.EBUSY]: 'TPH is on' }
    expect(explainErrno(E.EBUSY, own)).toBe('EBUSY, TPH is on')
    expect(explainErrno(E.EIO, own)).toBe('EIO, the device did not answer')
    expect(callFailed('go', E.EBUSY, own).message).toBe('Cannot go: EBUSY, TPH is on')
  })
})

describe('errnoError()', () => {
  it('names no errno where nothing was refused', () => {
    const { code, errno } = errnoError('Cannot go', null)
    expect([code, errno]).toEqual(['refused', undefined])
  })
})

it('a kernel says by three errnos that it has no such thing', () => {
  expect([...NOT_THERE].sort((a, b) => a - b)).toEqual([22, 25, 95])
})
