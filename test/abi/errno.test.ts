import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { E, errnoName, errnoNumber } from '../../src/abi/errno.ts'

const ALIASES: Readonly<Record<string, string>> = {
  ENOTSUP: 'EOPNOTSUPP',
  EWOULDBLOCK: 'EAGAIN',
  EDEADLOCK: 'EDEADLK',
}

const HEADERS = ['/usr/include/asm-generic/errno-base.h', '/usr/include/asm-generic/errno.h']

// From <asm-generic/errno-base.h> and <asm-generic/errno.h>.
const TABLE: [number, string][] = [
  [1, 'EPERM'],
  [11, 'EAGAIN'],
  [15, 'ENOTBLK'],
  [22, 'EINVAL'],
  [25, 'ENOTTY'],
  [34, 'ERANGE'],
  [35, 'EDEADLK'],
  [40, 'ELOOP'],
  [42, 'ENOMSG'],
  [57, 'EBADSLT'],
  [59, 'EBFONT'],
  [95, 'EOPNOTSUPP'],
  [117, 'EUCLEAN'],
  [121, 'EREMOTEIO'],
  [133, 'EHWPOISON'],
]

describe('errnoName() and errnoNumber()', () => {
  it.each(TABLE)('%i <=> %s', (errno, name) => {
    expect(errnoName(errno)).toBe(name)
    expect(errnoNumber(name)).toBe(errno)
  })

  it.each([0, 41, 58, 134, 1234, -22, 1.5, Number.NaN])(
    'errnoName() of %s has no name',
    (errno) => {
      expect(errnoName(errno)).toBe(`errno ${errno}`)
    },
  )

  it.each(['', '-', 'einval', 'EINVAL ', 'errno 22', 'toString'])(
    'errnoNumber() of %j is null',
    (name) => {
      expect(errnoNumber(name)).toBeNull()
    },
  )

  it.each(Object.entries(ALIASES))('errnoNumber() takes the alias %s', (alias, name) => {
    expect(errnoNumber(alias)).toBe(errnoNumber(name))
  })

  it.skipIf(!HEADERS.every(existsSync))('agree with the installed headers on every number', () => {
    const defined = HEADERS.flatMap((header) => [
      ...readFileSync(header, 'utf8').matchAll(/^#define\s+(E\w+)\s+(\d+)/gm),
    ]).map(([, name = '', errno]): [string, number] => [name, Number(errno)])
    expect(defined.length).toBeGreaterThanOrEqual(131)
    expect(defined.map(([name]) => [name, errnoNumber(name)])).toEqual(defined)
    expect(defined.map(([, errno]) => errnoName(errno))).toEqual(defined.map(([name]) => name))
  })
})

describe('E', () => {
  it.each(Object.entries(E))('%s = %i is the kernel number', (name, errno) => {
    expect(errnoName(errno)).toBe(name)
  })
})
