import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { GenerationLock } from '../../../src/backend/mock/generation-lock.ts'
import { mayMount, smallFileSystem, unmounted } from '../../helpers/small-file-system.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import { bundle } from './bundle.ts'

/* The lock between processes that do not see each other, and where nothing can be created. */

const { pid: OWN } = process

const HIDDEN = 'not visible from here'

/** Starts a program that tries for the lock and keeps it until its input ends. */
async function taker(launcher: readonly string[], directory: string) {
  const script = bundle('test/backend/mock/take-lock.ts', temporaryDirectory())
  const [file = '', ...words] = [...launcher, process.execPath, script, directory]
  const child = spawn(file, words, { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const end = async () => {
    const exit = once(child, 'exit')
    child.stdin.end()
    await exit
  }
  return { said: JSON.parse(String(line)) as unknown, end }
}

const UNSHARE = ['unshare', '--pid', '--fork', '--mount-proc']
/** In a new PID namespace, but with the /proc of the old one, where its pids mean other processes. */
const UNSHARE_STALE = ['unshare', '--pid', '--fork']
const MASK = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /proc && exec "$@"', 'sh']
const works = (launcher: readonly string[]) =>
  spawnSync(launcher[0] ?? '', [...launcher.slice(1), 'true']).status === 0

describe.skipIf(!works(UNSHARE))('over PID namespaces (skipped where unshare(1) may not)', () => {
  it.each([
    ['its own /proc', UNSHARE],
    ['the /proc of another', UNSHARE_STALE],
  ])('a lock is not taken from outside by a namespace with %s', async (_what, launcher) => {
    const directory = temporaryDirectory()
    const lock = new GenerationLock(directory)
    expect(lock.tryAcquire()).toBeNull()
    const inside = await taker(launcher, directory)
    expect(inside.said).toEqual({ pid: OWN, command: HIDDEN })
    await inside.end()
    lock.release()
    expect((await taker(launcher, directory)).said).toBeNull()
  })

  it.each([
    ['its own /proc', UNSHARE],
    ['the /proc of another', UNSHARE_STALE],
  ])('a lock is not taken from a namespace with %s, even when it is over', async (_, launcher) => {
    const directory = temporaryDirectory()
    const inside = await taker(launcher, directory)
    expect(inside.said).toBeNull()
    const hidden = { pid: expect.any(Number), command: HIDDEN }
    expect(new GenerationLock(directory).tryAcquire()).toEqual(hidden)
    await inside.end()
    expect(new GenerationLock(directory).tryAcquire()).toEqual(hidden)
  })
})

describe.skipIf(!works(UNSHARE))(
  'inside a PID namespace (skipped where unshare(1) may not)',
  () => {
    /** Holds the lock in one process, tries for it in a second, kills the first, and lets a third try. */
    const SCRIPT = `cd "$2"; mkfifo in; "$0" "$1" lock <in >out & exec 3>in
    until [ -s out ]; do sleep 0.05; done
    cat out; "$0" "$1" lock </dev/null; kill -9 $!; wait; "$0" "$1" lock </dev/null`

    it.each([
      // Node.js calls its main thread MainThread since 24, and node-MainThread since 26.
      ['its own /proc', UNSHARE, /^(?:node|MainThread|node-MainThread)$/],
      ['the /proc of another', UNSHARE_STALE, /^\?$/],
    ])('with %s a lock is taken only from the dead', (_what, launcher, command) => {
      const script = bundle('test/backend/mock/take-lock.ts', temporaryDirectory())
      const [file = '', ...words] = [...launcher, 'sh', '-c', SCRIPT, process.execPath, script]
      const { stdout } = spawnSync(file, [...words, temporaryDirectory()], { encoding: 'utf8' })
      const said = stdout.trim().split('\n')
      expect(said.map((line) => JSON.parse(line))).toEqual([
        null,
        { pid: expect.any(Number), command: expect.stringMatching(command) },
        null,
      ])
    })
  },
)

describe.skipIf(!works(MASK))('without /proc (skipped where mount(8) may not)', () => {
  it('a lock is not taken from a process that runs', async () => {
    const directory = temporaryDirectory()
    const lock = new GenerationLock(directory)
    lock.tryAcquire()
    const blind = await taker(MASK, directory)
    expect(blind.said).toEqual({ pid: OWN, command: HIDDEN })
    await blind.end()
  })

  it('a lock is not taken from a process that could not see it', async () => {
    const directory = temporaryDirectory()
    const blind = await taker(MASK, directory)
    expect(blind.said).toBeNull()
    expect(new GenerationLock(directory).tryAcquire()).toMatchObject({ command: HIDDEN })
    await blind.end()
  })
})

describe.skipIf(!mayMount)(`out of inodes${unmounted}`, () => {
  /** The root, the lock's directory, a file in the way, and one link. */
  const INODES = 4
  const prepare = () => {
    const root = smallFileSystem(`nr_inodes=${INODES}`)
    const directory = join(root, 'lock')
    mkdirSync(directory)
    writeFileSync(join(root, 'full'), '')
    return { directory, makeRoom: () => unlinkSync(join(root, 'full')) }
  }

  it('release() keeps the lock for this process and throws nothing', async () => {
    const { directory, makeRoom } = prepare()
    const lock = new GenerationLock(directory)
    expect(lock.tryAcquire()).toBeNull()
    expect(() => symlinkSync('free', join(directory, '2'))).toThrow('ENOSPC')
    lock.release()
    const before = await taker([], directory)
    expect(before.said).toMatchObject({ pid: OWN })
    await before.end()
    const later = new GenerationLock(directory)
    expect(later.tryAcquire()).toBeNull()
    expect(new GenerationLock(directory).tryAcquire()).toMatchObject({ pid: OWN })
    makeRoom()
    later.release()
    const after = await taker([], directory)
    expect(after.said).toBeNull()
    await after.end()
  })

  it('a lock that was kept so is free once its process has ended', async () => {
    const { directory, makeRoom } = prepare()
    const script = bundle('test/backend/mock/take-lock.ts', temporaryDirectory())
    const ran = spawnSync(process.execPath, [script, directory, 'release'], { encoding: 'utf8' })
    expect([ran.status, ran.stdout, ran.stderr]).toEqual([0, 'null\n', ''])
    makeRoom()
    expect(new GenerationLock(directory).tryAcquire()).toBeNull()
  })
})
