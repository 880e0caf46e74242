import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLinux } from '../../src/backend/linux/open-linux.ts'
import { environmentFile } from '../../src/backend/mock/environment-file.ts'
import { expectFailure } from '../helpers/expect-failure.ts'
import { fakeIo } from '../helpers/fake-io.ts'
import { runMain } from '../helpers/run-main.ts'
import { testShell } from '../helpers/run-program.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const NOBODY = 65534
const isRoot = process.geteuid?.() === 0
const UNDER_SUDO = { SUDO_UID: '1000' }

/** A folder of another user's in one of root's. */
function foldersOf(): { mine: string; theirs: string } {
  const mine = temporaryDirectory()
  const theirs = join(mine, 'theirs')
  mkdirSync(theirs)
  chownSync(theirs, NOBODY, NOBODY)
  return { mine, theirs }
}

/** Why a variable that names a path does not count under sudo; null when it does. */
function refusal(path: string): string | null {
  try {
    expect(environmentFile({ env: UNDER_SUDO, uid: 0 }, 'X', path)).toBe(path)
    return null
  } catch (error) {
    return (error as Error).message.replace(`Cannot use X "${path}" under sudo: `, '')
  }
}

describe.runIf(isRoot)('under sudo a variable that names a file (as root)', () => {
  it("counts for root's own file, and for one that is to be made in root's own folder", () => {
    const { mine } = foldersOf()
    writeFileSync(join(mine, 'file'), '')
    for (const name of ['file', 'new', 'new/deeper/still'])
      expect(refusal(join(mine, name))).toBeNull()
  })

  it.each<[string, RegExp, (folders: { mine: string; theirs: string }) => string]>([
    [
      "is another user's",
      /file" belongs to user 65534$/,
      ({ mine }) => {
        writeFileSync(join(mine, 'file'), '')
        chownSync(join(mine, 'file'), NOBODY, NOBODY)
        return 'file'
      },
    ],
    [
      'others may write to',
      /file" is writable by others$/,
      ({ mine }) => {
        writeFileSync(join(mine, 'file'), '')
        chmodSync(join(mine, 'file'), 0o664)
        return 'file'
      },
    ],
    [
      "is root's, in another user's folder",
      /theirs" belongs to user 65534$/,
      ({ theirs }) => {
        writeFileSync(join(theirs, 'file'), '')
        return 'theirs/file'
      },
    ],
    [
      "is to be made in another user's folder",
      /theirs" belongs to user 65534$/,
      () => 'theirs/new',
    ],
    [
      "lies in root's folder in another user's, who may replace that",
      /theirs" belongs to user 65534$/,
      ({ theirs }) => {
        mkdirSync(join(theirs, 'folder'), { mode: 0o700 })
        return 'theirs/folder/file'
      },
    ],
    [
      'is a symbolic link',
      /link" is a symbolic link$/,
      ({ mine }) => {
        symlinkSync('/etc/hostname', join(mine, 'link'))
        return 'link'
      },
    ],
    [
      'lies behind a symbolic link',
      /link" is a symbolic link$/,
      ({ mine }) => {
        symlinkSync('/etc', join(mine, 'link'))
        return 'link/file'
      },
    ],
    [
      'is to be made where everybody may make files',
      /open" is writable by others$/,
      ({ mine }) => {
        mkdirSync(join(mine, 'open'))
        chmodSync(join(mine, 'open'), 0o1777)
        return 'open/new'
      },
    ],
    [
      'is to be made in a folder that somebody else may make first',
      /open" is writable by others$/,
      ({ mine }) => {
        mkdirSync(join(mine, 'open'))
        chmodSync(join(mine, 'open'), 0o1777)
        return 'open/new/file'
      },
    ],
  ])('does not count for one that %s', (_, trouble, make) => {
    const folders = foldersOf()
    expect(refusal(join(folders.mine, make(folders)))).toMatch(trouble)
  })

  it.each<[string, string, (theirs: string) => Record<string, string>]>([
    ['TPHCTL_MOCK_STATE', 'get 81:00.0 0', (theirs) => ({ TPHCTL_MOCK_STATE: `${theirs}/state` })],
    ['TPHCTL_MOCK_STATE', 'mock reset', (theirs) => ({ TPHCTL_MOCK_STATE: `${theirs}/state` })],
    ['XDG_STATE_HOME', 'set 81:00.0 0=1', (theirs) => ({ XDG_STATE_HOME: theirs })],
    ['HOME', 'list', (theirs) => ({ HOME: theirs })],
    ['TPHCTL_MOCK_HOST', 'list', (theirs) => ({ TPHCTL_MOCK_HOST: `${theirs}/dump` })],
  ])('%s is refused by "%s" with exit code 5, and nothing is made', async (name, call, env) => {
    const { theirs } = foldersOf()
    writeFileSync(join(theirs, 'dump'), '81:00.0 x\n00: 86 80\n')
    const all = { TPHCTL_BACKEND: 'mock', ...UNDER_SUDO, ...env(theirs) }
    const { message, hint } = expectFailure(await runMain(call, { env: all }), 'permission')
    expect(message).toMatch(new RegExp(`^Cannot use ${name} ".+" under sudo: `))
    expect(hint).toBe('--trust-environment uses it all the same')
    expect(readdirSync(theirs)).toEqual(['dump'])
  })

  it('counts with --trust-environment, or where the command line names the file', async () => {
    const { mine, theirs } = foldersOf()
    const dump = join(theirs, 'dump')
    writeFileSync(dump, '81:00.0 x\n00: 86 80\n')
    const state = join(theirs, 'state')
    const env = { TPHCTL_BACKEND: 'mock', TPHCTL_MOCK_STATE: state, ...UNDER_SUDO }
    const set = await runMain('set 81:00.0 0=1 --trust-environment', { env })
    expect(set).toMatchObject({ exitCode: 0, stderr: '' })
    expect(existsSync(state)).toBe(true)
    const reset = await runMain('mock reset --trust-environment', { env })
    expect(reset.exitCode).toBe(0)
    const own = { ...UNDER_SUDO, TPHCTL_MOCK_STATE: join(mine, 'state') }
    const named = await runMain(`list --mock-host ${dump}`, { env: own })
    expect(named).toMatchObject({ exitCode: 0 })
  })

  it('counts as ever outside of sudo, and for other users', async () => {
    const { theirs } = foldersOf()
    const env = { TPHCTL_BACKEND: 'mock', TPHCTL_MOCK_STATE: join(theirs, 'state') }
    expect((await runMain('set 81:00.0 0=1', { env })).exitCode).toBe(0)
    expect(environmentFile({ env: UNDER_SUDO, uid: 1000 }, 'X', '/tmp/x')).toBe('/tmp/x')
  })
})

describe.runIf(isRoot)('under sudo the folder for compiled code (as root)', () => {
  const GET = ['get', '81:00.0', '0']

  it('is not that of TPHCTL_CODE_CACHE, unless the command line says so', async () => {
    const shell = testShell()
    const folder = join(shell.directory, 'cache')
    const env = { ...UNDER_SUDO, TPHCTL_CODE_CACHE: folder }
    expect((await shell.tphctl(GET, { env })).exitCode).toBe(0)
    expect(existsSync(folder)).toBe(false)
    expect((await shell.tphctl([...GET, '--trust-environment'], { env })).exitCode).toBe(0)
    expect(readdirSync(folder)).toHaveLength(1)
  })
})

describe("variables of a user's session", () => {
  it('are not used by root, under sudo or not', () => {
    const env = { XDG_RUNTIME_DIR: '/tmp/x', XDG_CACHE_HOME: '/tmp/x' }
    const options = { root: null, pid: null, fd: null, open: null, ephemeral: false }
    const directoryOf = (uid: number) =>
      openLinux(options, { ...fakeIo({ env }).io, uid }).ledger.directory
    expect([directoryOf(0), directoryOf(1000)]).toEqual(['/run/tphctl', '/tmp/x/tphctl'])
  })
})

describe('the folder for compiled code', () => {
  it('is not used when others may write to the one that it is in, and so replace it', async () => {
    const shell = testShell()
    const base = join(shell.directory, 'cache')
    const env = { TPHCTL_CODE_CACHE: base }
    await shell.tphctl(['--version'], { env })
    const [build = ''] = readdirSync(base)
    expect(readdirSync(join(base, build))).not.toEqual([])
    for (const name of readdirSync(join(base, build)))
      writeFileSync(join(base, build, name), 'not code')
    chmodSync(dirname(join(base, build)), 0o777)
    await shell.tphctl(['--version'], { env })
    for (const name of readdirSync(join(base, build))) {
      expect(readFileSync(join(base, build, name), 'utf8')).toBe('not code')
    }
  })
})
