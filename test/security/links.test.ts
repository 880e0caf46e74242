import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLockFile } from '../../src/backend/linux/open-lock-file.ts'
import { TphctlError } from '../../src/errors.ts'
import { LedgerStore } from '../../src/tph/ledger.ts'
import { caught } from '../backend/linux/owner-caught.ts'
import { doctorHost } from '../doctor/doctor-host.ts'
import { expectFailure } from '../helpers/expect-failure.ts'
import { runMain, testHost } from '../helpers/run-main.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const BDF = '0000:81:00.0'
const NOBODY = 65534
const user = process.geteuid?.() ?? 0
const isRoot = user === 0
const silent = { note() {}, warn() {} }

/** A folder with something precious in it, and what it holds. */
function precious(): { folder: string; unchanged(): void } {
  const folder = temporaryDirectory()
  for (const name of ['1', '2', 'a.json']) writeFileSync(join(folder, name), `precious ${name}`)
  mkdirSync(join(folder, 'below'))
  writeFileSync(join(folder, 'below', 'b.json'), 'precious b.json')
  const holds = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => [name, name === 'below' ? '' : readFileSync(join(folder, name), 'utf8')])
  const before = holds()
  return { folder, unchanged: () => expect(holds()).toEqual(before) }
}

describe('the emulated host follows no link that lies', () => {
  it.each(['', '.lock', '.locks', '.ledger'])('where its state%s should be', async (suffix) => {
    const host = testHost()
    const { folder, unchanged } = precious()
    symlinkSync(suffix === '' ? join(folder, '1') : folder, `${host.state}${suffix}`)
    for (const call of ['set 81:00.0 0=1', 'mock reset']) {
      const { exitCode, stderr } = await host.run(call)
      expect(exitCode, call).not.toBe(0)
      expect(stderr).toContain('ELOOP, a symbolic link is in the way')
      unchanged()
    }
  })

  it('where the lock of a device should be', async () => {
    const host = testHost()
    const { folder, unchanged } = precious()
    mkdirSync(`${host.state}.locks/built-in`, { recursive: true })
    symlinkSync(folder, `${host.state}.locks/built-in/${BDF}`)
    const { message } = expectFailure(await host.run('set 81:00.0 0=1'), 'usage')
    expect(message).toContain('ELOOP, a symbolic link is in the way')
    unchanged()
  })

  it('where a new state is to be written before it takes the place of the old one', async () => {
    const host = testHost()
    const { folder, unchanged } = precious()
    await host.run('set 81:00.0 0=1')
    symlinkSync(join(folder, '1'), `${host.state}.${process.pid}.new`)
    expect((await host.run('mock reset')).exitCode).toBe(0)
    expect(lstatSync(host.state).isFile()).toBe(true)
    unchanged()
  })

  it('and changes nothing under another name of its state (a hard link)', async () => {
    const host = testHost()
    await host.run('set 81:00.0 0=1')
    const other = join(temporaryDirectory(), 'other')
    linkSync(host.state, other)
    const before = readFileSync(other)
    expect((await host.run('set 81:00.0 1=2')).exitCode).toBe(0)
    expect(readFileSync(other)).toEqual(before)
    expect((await host.run('get 81:00.0 0-1')).stdout).toBe('0\t0x0101\t1\tvm\n1\t0x0102\t2\tvm\n')
  })
})

describe('the lock file of a device', () => {
  const place = () => {
    const directory = join(temporaryDirectory(), 'tphctl')
    mkdirSync(directory, { mode: 0o700 })
    return { directory, path: join(directory, `${BDF}.lock`) }
  }

  it('is refused where it is another name of a file, which stays as it is', () => {
    const { directory, path } = place()
    const { folder, unchanged } = precious()
    linkSync(join(folder, '1'), path)
    const error = caught(() => openLockFile(directory, BDF, user))
    expect(error).toMatchObject({ exitCode: 5 })
    expect(error.message).toMatch(/\.lock" has another name as well \(a hard link\)$/)
    unchanged()
  })

  it.runIf(isRoot)("is refused where it is another user's (as root)", () => {
    const { directory, path } = place()
    writeFileSync(path, '')
    chownSync(path, NOBODY, NOBODY)
    expect(caught(() => openLockFile(directory, BDF, user)).message).toMatch(
      /belongs to user 65534$/,
    )
  })

  it("is not put into a folder that others may write to, or that is not its user's", () => {
    const { directory } = place()
    expect(caught(() => openLockFile(directory, BDF, user + 1)).message).toMatch(/belongs to user/)
    chmodSync(directory, 0o770)
    expect(caught(() => openLockFile(directory, BDF, user)).message).toMatch(/writable by others$/)
  })
})

describe('a ledger', () => {
  const store = (directory: string, whose = user) =>
    new LedgerStore({ directory, user: whose, sync: true }, silent)
  const folder = () => {
    const directory = join(temporaryDirectory(), 'tphctl')
    mkdirSync(directory, { mode: 0o700 })
    return directory
  }

  it("is neither read nor written in a folder that others may write to, or that is not its user's", () => {
    const directory = folder()
    expect(store(directory).devices()).toEqual([])
    for (const look of [(one: LedgerStore) => one.devices(), (one: LedgerStore) => one.read(BDF)]) {
      expect(() => look(store(directory, user + 1))).toThrow(
        /^Cannot read ledgers in ".+": it belongs to user \d+$/,
      )
      chmodSync(directory, 0o730)
      expect(() => look(store(directory))).toThrow(/: it is writable by others$/)
      chmodSync(directory, 0o700)
    }
  })

  it('is none where a pipe, a folder or something huge lies: nothing is waited for', () => {
    const directory = folder()
    const path = join(directory, `${BDF}.json`)
    execFileSync('mkfifo', [path])
    expect(store(directory).read(BDF)).toBeNull()
    execFileSync('rm', [path])
    execFileSync('truncate', ['-s', '1G', path])
    expect(store(directory).read(BDF)).toBeNull()
    expect(() => store(directory).readStrictly(BDF)).toThrow(TphctlError)
  })

  it('is looked for under the names of devices only', () => {
    const directory = folder()
    for (const name of [
      `${BDF}.json`,
      '81:00.0.json',
      'x.json',
      '\u001b[2J.json',
      `${BDF}.json.new`,
    ]) {
      writeFileSync(join(directory, name), '')
    }
    expect(store(directory).devices()).toEqual([BDF])
  })
})

describe('the folder of gather', () => {
  const gather = (to: string) => runMain(`gather --root ${doctorHost().folder} --to ${to}`)

  it('is not one behind a link', async () => {
    const base = temporaryDirectory()
    mkdirSync(join(base, 'target'))
    symlinkSync('target', join(base, 'link'))
    const { message } = expectFailure(await gather(join(base, 'link')), 'usage')
    expect(message).toMatch(/link": it is a symbolic link$/)
    expect(readdirSync(join(base, 'target'))).toEqual([])
  })

  it.runIf(isRoot)("is not another user's, who could change what is in it (as root)", async () => {
    const folder = temporaryDirectory()
    chownSync(folder, NOBODY, NOBODY)
    const { message } = expectFailure(await gather(folder), 'usage')
    expect(message).toMatch(/": it belongs to user 65534$/)
    expect(readdirSync(folder)).toEqual([])
  })

  it('keeps its permissions when it is refused', async () => {
    const folder = temporaryDirectory()
    chmodSync(folder, 0o755)
    writeFileSync(join(folder, 'mine'), '')
    expectFailure(await gather(folder), 'usage')
    expect(lstatSync(folder).mode & 0o777).toBe(0o755)
  })
})
