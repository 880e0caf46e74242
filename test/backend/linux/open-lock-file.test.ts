import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, closeSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLockFile } from '../../../src/backend/linux/open-lock-file.ts'
import { fakeRoot } from './fake-root.ts'
import { caught } from './owner-caught.ts'
import { openBelow } from './scripted-libc.ts'

const BDF = '0000:81:00.0'
const isRoot = process.geteuid?.() === 0

function place() {
  const fake = fakeRoot()
  fake.directory('/run')
  const directory = join(fake.folder, 'run', 'tphctl')
  return { fake, directory, path: join(directory, `${BDF}.lock`) }
}

function placeWithDirectory() {
  const at = place()
  mkdirSync(at.directory, { mode: 0o700 })
  return at
}

function expectRefused({ fake, directory }: ReturnType<typeof place>, trouble: RegExp): void {
  const error = caught(() => openLockFile(directory, BDF, process.geteuid?.() ?? 0))
  expect(error).toMatchObject({ exitCode: 5, hint: 'remove it, tphctl makes it anew' })
  expect(error.message).toMatch(/^Cannot lock the device: "/)
  expect(error.message).toMatch(trouble)
  expect(openBelow(fake)).toEqual([])
}

describe('openLockFile()', () => {
  it('opens the same file twice', () => {
    const { fake, directory } = place()
    const fds = [
      openLockFile(directory, BDF, process.geteuid?.() ?? 0),
      openLockFile(directory, BDF, process.geteuid?.() ?? 0),
    ]
    const name = `/run/tphctl/${BDF}.lock`
    expect(openBelow(fake)).toEqual([name, name])
    fds.map((fd) => closeSync(fd))
  })

  it.each([
    ['to a directory', '.'],
    ['to nowhere', '/nowhere/at/all'],
  ])('follows no link %s', (_, target) => {
    const at = place()
    symlinkSync(target, at.directory)
    expectRefused(at, /\/tphctl" is a symbolic link$/)
  })

  it('refuses a file in place of the directory', () => {
    const at = place()
    writeFileSync(at.directory, '')
    expectRefused(at, /\/tphctl" is no directory$/)
  })

  it.each([
    ['a link', /\.lock" is a symbolic link$/, (path: string) => symlinkSync('/etc/passwd', path)],
    ['a directory', /\.lock" is a directory$/, (path: string) => mkdirSync(path)],
    ['a pipe', /\.lock" is no regular file$/, (path: string) => execFileSync('mkfifo', [path])],
  ])('refuses %s in place of the lock file', (_, trouble, make) => {
    const at = placeWithDirectory()
    make(at.path)
    expectRefused(at, trouble)
  })

  it.skipIf(!isRoot)("as root refuses another user's directory", () => {
    const at = placeWithDirectory()
    chownSync(at.directory, 65534, 65534)
    expectRefused(at, /\/tphctl" belongs to user 65534$/)
  })

  it.skipIf(!isRoot)('as root refuses a directory that others may write to', () => {
    const at = placeWithDirectory()
    chmodSync(at.directory, 0o770)
    expectRefused(at, /\/tphctl" is writable by others$/)
  })

  it.skipIf(!isRoot)('says where another user may not make one', () => {
    const { fake, directory, path } = place()
    chmodSync(fake.folder, 0o755)
    process.seteuid?.('nobody')
    try {
      const message = `Cannot open the lock file "${path}": EACCES, permission denied`
      const error = caught(() => openLockFile(directory, BDF, process.geteuid?.() ?? 0))
      expect(error).toMatchObject({ exitCode: 5, errno: 'EACCES', message })
      expect(error.hint).toMatch(/XDG_RUNTIME_DIR/)
    } finally {
      process.seteuid?.(0)
    }
  })
})
