import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VERSION } from '../src/version.ts'
import { PROGRAM, type ProcessRun, type TestShell, testShell } from './helpers/run-program.ts'

const GET = ['get', '81:00.0', '0']
const TAG = '0\t0x0000\t-\t-\n'
const DAY_SECONDS = 86_400
const isRoot = process.getuid?.() === 0
/** What starts a program as a user who is not root. */
const AS_USER = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : []
const reason = whyNoUserCan()

/** Why another user cannot run this Node.js; empty when one can. */
function whyNoUserCan(): string {
  const [program = '', ...words] = [...AS_USER, process.execPath, '--version']
  return spawnSync(program, words).status === 0
    ? ''
    : ` (no other user can run ${process.execPath})`
}

/** A shell whose compiled code goes to a folder of its own. */
function cachingShell(): { shell: TestShell; base: string } {
  const shell = testShell()
  const base = join(shell.directory, 'cache')
  shell.env['TPHCTL_CODE_CACHE'] = base
  return { shell, base }
}

/** The folder of the one build that was run. */
function buildFolder(base: string): string {
  const [name = '', ...others] = readdirSync(base)
  expect(others).toEqual([])
  return join(base, name)
}

/** The folder with all that a call kept, of which none is code any more. */
async function spoiledFolder(shell: TestShell, base: string): Promise<string> {
  expectTag(await shell.tphctl(GET))
  const folder = buildFolder(base)
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'not code')
  return folder
}

/** Name, inode and time of change of each file. */
function snapshot(folder: string): unknown[] {
  return readdirSync(folder).map((name) => {
    const { ino, mtimeMs } = statSync(join(folder, name))
    return [name, ino, mtimeMs]
  })
}

function expectTag({ exitCode, stdout, stderr }: ProcessRun): void {
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: TAG, stderr: '' })
}

describe('compiled code', () => {
  it('is kept by the first call that succeeds, for its user alone, and then only read', async () => {
    const { shell, base } = cachingShell()
    expect((await shell.tphctl(['get', '99:00.0'])).exitCode).toBe(4)
    expect(readdirSync(buildFolder(base))).toEqual([])
    expectTag(await shell.tphctl(GET))
    const folder = buildFolder(base)
    expect(readdirSync(folder)).toContain('get-device.cjs')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600)
    }
    const before = snapshot(folder)
    expectTag(await shell.tphctl(GET))
    expect(snapshot(folder)).toEqual(before)
  })

  it('is used: code that V8 refuses is written anew', async () => {
    const { shell, base } = cachingShell()
    expectTag(await shell.tphctl(GET))
    const file = join(buildFolder(base), 'get-device.cjs')
    const whole = readFileSync(file)
    writeFileSync(file, whole.subarray(0, 100))
    expectTag(await shell.tphctl(GET))
    expect(readFileSync(file).length).toBeGreaterThan(whole.length / 2)
  })

  it('of a call that was killed before it was whole is dropped by the next that keeps some', async () => {
    const { shell, base } = cachingShell()
    expectTag(await shell.tphctl(GET))
    const folder = buildFolder(base)
    const whole = readdirSync(folder)
    const ofTheDead = `get-device.cjs.${spawnSync('true').pid}`
    for (const name of [ofTheDead, 'get-device.cjs.1']) writeFileSync(join(folder, name), 'half')
    rmSync(join(folder, 'get-device.cjs'))
    expectTag(await shell.tphctl(GET))
    expect(readdirSync(folder).sort()).toEqual([...whole, 'get-device.cjs.1'].sort())
  })

  it('is neither read nor written in a folder that others may write to', async () => {
    const { shell, base } = cachingShell()
    const folder = await spoiledFolder(shell, base)
    chmodSync(folder, 0o770)
    const before = snapshot(folder)
    expectTag(await shell.tphctl(GET))
    expect(snapshot(folder)).toEqual(before)
  })

  it.runIf(isRoot)('is not taken from a folder of somebody else', async () => {
    const { shell, base } = cachingShell()
    const folder = await spoiledFolder(shell, base)
    chownSync(folder, 65534, 65534)
    const before = snapshot(folder)
    expectTag(await shell.tphctl(GET))
    expect(snapshot(folder)).toEqual(before)
  })

  it('is not looked for behind a symbolic link', async () => {
    const { shell, base } = cachingShell()
    expectTag(await shell.tphctl(GET))
    const folder = buildFolder(base)
    const other = join(shell.directory, 'other')
    mkdirSync(other)
    const link = join(other, folder.slice(base.length + 1))
    mkdirSync(join(shell.directory, 'target'), { mode: 0o700 })
    symlinkSync(join(shell.directory, 'target'), link)
    expectTag(await shell.tphctl(GET, { env: { TPHCTL_CODE_CACHE: other } }))
    expect(readdirSync(join(shell.directory, 'target'))).toEqual([])
  })

  it.each([
    ['the folder cannot be made', '/proc/nowhere'],
    ['none is wanted', ''],
  ])('is not needed where %s', async (_, base) => {
    const shell = testShell()
    expectTag(await shell.tphctl(GET, { env: { TPHCTL_CODE_CACHE: base } }))
  })

  it('of a run with options of Node.js is not mixed with that of others', async () => {
    const { shell, base } = cachingShell()
    expectTag(await shell.tphctl(GET, { env: { NODE_OPTIONS: '--stack-trace-limit=5' } }))
    expect(existsSync(base)).toBe(false)
  })

  it.skipIf(reason !== '').each([
    ['XDG_CACHE_HOME', 'xdg', 'xdg/tphctl'],
    ['HOME', 'home', 'home/.cache/tphctl'],
  ])(`lies below %s for a user who is not root${reason}`, async (variable, value, folder) => {
    const shell = testShell()
    // A copy, since the folder that the project lies in may be root's alone.
    const program = join(shell.directory, 'program')
    for (const part of ['bin', 'dist/program']) {
      cpSync(join(PROGRAM, '../..', part), join(program, part), { recursive: true })
    }
    const home = join(shell.directory, value)
    mkdirSync(home)
    if (isRoot) chownSync(home, 65534, 65534)
    chmodSync(shell.directory, 0o755)
    const words = [...AS_USER, process.execPath, join(program, 'bin', 'tphctl.js'), '--version']
    const env = { TPHCTL_CODE_CACHE: undefined, [variable]: home }
    const { stdout } = await shell.sh('unset TPHCTL_CODE_CACHE; "$@"', { env }, words)
    expect(stdout).toBe(`${VERSION}\n`)
    expect(readdirSync(buildFolder(join(shell.directory, folder)))).toEqual(['call-core.cjs'])
  })

  it('of builds long gone is dropped when that of a new one comes', async () => {
    const { shell, base } = cachingShell()
    const names = ['0'.repeat(32), '1'.repeat(32)].map((id) => `${id}-v20.0.0-x64`)
    const [old = '', recent = ''] = names.map((name) => join(base, name))
    for (const folder of [old, recent, join(base, 'of-somebody')]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(join(folder, 'call-core.cjs'), '')
      const then = Date.now() / 1000 - (folder === recent ? 2 : 100) * DAY_SECONDS
      utimesSync(folder, then, then)
    }
    expectTag(await shell.tphctl(GET))
    expect([old, recent, join(base, 'of-somebody')].map(existsSync)).toEqual([false, true, true])
  })
})
