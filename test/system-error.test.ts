import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BusyError, UsageError } from '../src/errors.ts'
import { inputError, systemError } from '../src/system-error.ts'

/** What Node throws for an errno of Linux. */
function thrownFor(code: string, errno: number): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: something`), { code, errno: -errno })
}

/** Errnos of reading a file: wrong path, no right, and the machine's own trouble. */
const ERRNOS = [
  ['ENOENT', 2, 'usage'],
  ['EISDIR', 21, 'usage'],
  ['ENOTDIR', 20, 'usage'],
  ['ELOOP', 40, 'usage'],
  ['ENAMETOOLONG', 36, 'usage'],
  ['EACCES', 13, 'permission'],
  ['EPERM', 1, 'permission'],
  ['EROFS', 30, 'permission'],
  ['EIO', 5, 'refused'],
  ['ENXIO', 6, 'refused'],
  ['EMFILE', 24, 'refused'],
] as const

describe('systemError()', () => {
  it.each(ERRNOS)('names %s (%i) and counts it as %s', (errno, number, code) => {
    const error = systemError('read "x"', thrownFor(errno, number), 'look there')
    expect(error).toMatchObject({ code, errno, hint: 'look there' })
    expect(error.message).toMatch(new RegExp(`^Cannot read "x": ${errno}, \\w+`))
  })

  it('is an error of ours itself', () => {
    const ours = new BusyError('Cannot wait')
    expect(systemError('read "x"', ours)).toBe(ours)
  })

  it.each([
    new TypeError('a bug'),
    Object.assign(new Error('x'), { code: 'ERR_INVALID_ARG_TYPE' }),
  ])('throws what is no system error: %s', (thrown) => {
    expect(() => systemError('read "x"', thrown)).toThrow(thrown)
    expect(() => inputError('read "x"', thrown)).toThrow(thrown)
  })
})

describe('inputError()', () => {
  it.each(ERRNOS)('counts %s (%i) as wrong input', (errno, number) => {
    const error = inputError('read "x"', thrownFor(errno, number))
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ code: 'usage', exitCode: 2, errno })
    expect(error.message).toMatch(new RegExp(`^Cannot read "x": ${errno}, \\w+`))
  })

  it.each(['/proc/self/mem', '/', '/nonexistent', '/proc/self/exe/x'])(
    'counts what reading %s throws as wrong input',
    (path) => {
      let thrown: unknown
      try {
        readFileSync(path)
      } catch (error) {
        thrown = error
      }
      expect(inputError('read it', thrown)).toMatchObject({ code: 'usage' })
    },
  )
})
