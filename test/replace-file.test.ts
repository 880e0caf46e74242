import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { replaceFile } from '../src/replace-file.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

describe('replaceFile()', () => {
  it('makes a file that everybody may read, whatever the umask', () => {
    const folder = temporaryDirectory()
    const former = process.umask(0o077)
    try {
      replaceFile(join(folder, 'a'), 'new\n')
    } finally {
      process.umask(former)
    }
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new\n')
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o644)
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('replaces a link and not what it leads to', () => {
    const folder = temporaryDirectory()
    writeFileSync(join(folder, 'target'), 'precious')
    symlinkSync('target', join(folder, 'a'))
    replaceFile(join(folder, 'a'), 'new')
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('precious')
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new')
  })

  it('does not write through a link that lies where its temporary file is to be', () => {
    const folder = temporaryDirectory()
    writeFileSync(join(folder, 'target'), 'precious')
    symlinkSync('target', join(folder, `a.${process.pid}.new`))
    replaceFile(join(folder, 'a'), 'new')
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('precious')
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new')
  })

  it('removes what killed commands left of their attempts, and nothing else', () => {
    const folder = temporaryDirectory()
    const dead = spawnSync('true').pid
    const others = ['a.1.new', `b.${dead}.new`, `a.${dead}`]
    for (const name of [`a.${dead}.new`, ...others]) writeFileSync(join(folder, name), 'x')
    replaceFile(join(folder, 'a'), 'new')
    expect(readdirSync(folder).sort()).toEqual(['a', ...others].sort())
  })

  it.each([
    ['there is a folder of that name', 'folder'],
    ['what should be the folder is a file', 'file/a'],
    ['there is no such folder', 'nowhere/a'],
  ])('leaves nothing behind when %s', (_, name) => {
    const folder = temporaryDirectory()
    mkdirSync(join(folder, 'folder'))
    writeFileSync(join(folder, 'file'), '')
    expect(() => replaceFile(join(folder, name), 'new')).toThrow(/^Cannot write ".*": E[A-Z]+/)
    expect(readdirSync(folder)).toEqual(['file', 'folder'])
  })
})
