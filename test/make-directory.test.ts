import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeDirectory } from '../src/make-directory.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

describe('makeDirectory()', () => {
  it('makes every level for this user alone', () => {
    const base = temporaryDirectory()
    makeDirectory(join(base, 'a', 'b'))
    for (const path of ['a', 'a/b']) expect(statSync(join(base, path)).mode & 0o777).toBe(0o700)
  })

  it('leaves what is there as it is', () => {
    const base = temporaryDirectory()
    mkdirSync(join(base, 'a'), 0o755)
    symlinkSync('a', join(base, 'link'))
    makeDirectory(join(base, 'a'))
    makeDirectory(join(base, 'link', 'b'))
    expect(statSync(join(base, 'a')).mode & 0o777).toBe(0o755)
    expect(statSync(join(base, 'a', 'b')).isDirectory()).toBe(true)
  })

  it.each([
    ['/proc/nope/x', /^ENOENT$/],
    // By Node.js 26 the second of them, since a file is there where a directory is to be made.
    ['/proc/self/status/x', /^ENOTDIR$|^EEXIST$/],
  ])('gives up on %s with %s instead of trying for ever', (path, code) => {
    expect(() => makeDirectory(path)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(code) }),
    )
  })

  it('refuses a file in the way', () => {
    const file = join(temporaryDirectory(), 'file')
    writeFileSync(file, '')
    expect(() => makeDirectory(file)).toThrow(expect.objectContaining({ code: 'EEXIST' }))
  })
})
