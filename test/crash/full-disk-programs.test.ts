import { execFile } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Libc } from '../../native-shims/libc.ts'
import { takeFlock } from '../../src/backend/linux/flock-lock.ts'
import { EntryTable } from '../../src/tph/entry-table.ts'
import { LedgerStore } from '../../src/tph/ledger.ts'
import type { Ledger } from '../../src/tph/ledger-format.ts'
import { real, skipped } from '../backend/linux/open-real-libc.ts'
import { caught } from '../backend/linux/owner-caught.ts'
import { PROGRAM, type ProcessRun } from '../helpers/run-program.ts'
import { mayMount, smallFileSystem, unmounted } from '../helpers/small-file-system.ts'
import { expectSoundCode } from './code.ts'
import { unfinished, wrongFiles } from './files.ts'
import { FullDisk } from './full-disk.ts'
import type { World } from './world.ts'

/* What only whole processes show of a full disk: compiled code, and locks that end with their process. */

const BDF = '0000:81:00.0'
const GET = ['get', '81:00.0', '0']
const NO_SPACE = 'ENOSPC, no space left on device'

/** Runs the built program. */
function run(world: World, words: readonly string[], stdin = '', code = ''): Promise<ProcessRun> {
  const env = { ...world.env, TPHCTL_CODE_CACHE: code }
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [PROGRAM, ...words],
      { env },
      (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), signal: null, stdout, stderr })
      },
    )
    child.stdin?.end(stdin)
  })
}

describe.skipIf(!mayMount)(`compiled code on a full disk${unmounted}`, () => {
  it.each([0, 1, 2, 40])('with room for %d pages is kept whole or not at all', async (pages) => {
    const disk = new FullDisk(smallFileSystem('size=4m'))
    const { world } = disk
    await world.run(['set', '81:00.0', '0=1'])
    const code = join(world.folder, 'code')
    disk.fill(pages)
    expect(await run(world, GET, '', code)).toMatchObject({
      exitCode: 0,
      stdout: '0\t0x0101\t1\tvm\n',
      stderr: '',
    })
    expect([wrongFiles(world), unfinished(world)]).toEqual([[], []])
    disk.empty()
    await expectSoundCode(world, GET)
  })
})

describe.skipIf(!mayMount)(`out of inodes${unmounted}`, () => {
  const SETS = ['set 81:00.0 0=2', 'set 81:00.0 1=3', 'get 81:00.0 0-1', ''].join('\n')

  it.each([0, 1, 2, 3, 4])(
    'with %d left, a set does it or says so, and a lock is never stuck',
    async (left) => {
      const directory = smallFileSystem('nr_inodes=64')
      const disk = new FullDisk(directory)
      const { world } = disk
      expect((await run(world, ['set', '81:00.0', '0=1'])).exitCode).toBe(0)
      const filler = fillInodes(directory, left)
      const { exitCode, stderr } = await run(world, ['set', '81:00.0', '0=2'])
      expect(stderr).toMatch(exitCode === 0 ? /^$/ : new RegExp(`^tphctl: .*: ${NO_SPACE}\n$`))
      expect(wrongFiles(world)).toEqual([])
      rmSync(filler, { recursive: true })
      world.takeLocks()
      expect((await run(world, ['set', '81:00.0', '0=3'])).exitCode).toBe(0)
      expect((await run(world, ['undo'])).exitCode).toBe(0)
      expect((await run(world, GET)).stdout).toBe(
        exitCode === 0 ? '0\t0x0102\t2\tvm\n' : '0\t0x0101\t1\tvm\n',
      )
    },
  )

  it('a batch is not kept out by the lock that it could not give back', async () => {
    const directory = smallFileSystem('nr_inodes=64')
    const { world } = new FullDisk(directory)
    expect((await run(world, ['set', '81:00.0', '0=1'])).exitCode).toBe(0)
    // One for the ledger's new file and one for each of two claims; none to free them by.
    const filler = fillInodes(directory, 3)
    const { exitCode, stderr, stdout } = await run(
      world,
      ['batch', '--keep-going', '--wait', '1'],
      SETS,
    )
    expect(stderr).not.toContain('EBUSY')
    for (const line of stderr.split('\n').filter((one) => one.startsWith('tphctl: stdin'))) {
      expect(line).toContain(NO_SPACE)
    }
    rmSync(filler, { recursive: true })
    expect([exitCode === 0, stdout.includes('0\t0x0102\t2\tvm')]).toContain(true)
    world.takeLocks()
  })
})

/** Takes all inodes but so many. @returns the folder of files that does */
function fillInodes(directory: string, left: number): string {
  const filler = join(directory, 'inodes')
  mkdirSync(filler)
  const names: string[] = []
  for (let i = 0; ; i++) {
    const path = join(filler, String(i))
    try {
      closeSync(openSync(path, 'wx'))
    } catch {
      break
    }
    names.push(path)
  }
  for (const path of names.slice(0, left)) rmSync(path)
  return filler
}

describe.skipIf(!mayMount || typeof real === 'string')(
  `the files of a real host on a full disk${unmounted}${skipped}`,
  () => {
    const libc = real as Libc
    const user = process.geteuid?.() ?? 0
    const LEDGER: Ledger = {
      schemaVersion: 1,
      device: BDF,
      bootId: 'boot',
      owner: { pid: 1, startTime: '1' },
      entries: EntryTable.of([{ index: 0, st: 0x101, cpu: 1, memoryType: 'vm' }]),
      undo: null,
    }

    it('a device can be locked, and who has it is not known', () => {
      const small = smallFileSystem('size=64k')
      const directory = join(small, 'tphctl')
      takeFlock(libc, { directory, user }, BDF, 0).release()
      fillPages(small)
      const lock = takeFlock(libc, { directory, user }, BDF, 0)
      const { message } = caught(() => takeFlock(libc, { directory, user }, BDF, 0))
      expect(message).toBe('Cannot lock the device: EBUSY, held by another process')
      lock.release()
      takeFlock(libc, { directory, user }, BDF, 0).release()
    })

    it('a ledger stays as it was', () => {
      const directory = smallFileSystem('size=64k')
      const store = new LedgerStore({ directory, sync: true }, { note() {}, warn() {} })
      store.write(LEDGER)
      const filler = fillPages(directory)
      const { message, exitCode } = caught(() =>
        store.write({ ...LEDGER, entries: EntryTable.EMPTY }),
      )
      expect([exitCode, message]).toEqual([
        1,
        `Cannot write ledger "${directory}/${BDF}.json": ${NO_SPACE}`,
      ])
      expect(store.readStrictly(BDF)).toEqual(LEDGER)
      expect(readdirSync(directory).sort()).toEqual([`${BDF}.json`, 'filler'])
      rmSync(filler)
      store.write({ ...LEDGER, entries: EntryTable.EMPTY })
      expect(JSON.parse(readFileSync(join(directory, `${BDF}.json`), 'utf8')).entries).toEqual([])
    })
  },
)

/** Takes all room. @returns the file that does */
function fillPages(directory: string): string {
  const path = join(directory, 'filler')
  try {
    writeFileSync(path, Buffer.alloc(1024 * 1024))
  } catch {
    // That was the purpose.
  }
  return path
}
