import { appendFileSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mayMount, smallFileSystem, unmounted } from '../helpers/small-file-system.ts'
import { changesToUndo, unfinished, wrongFiles } from './files.ts'
import { FullDisk } from './full-disk.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'
import type { Devices, World } from './world.ts'

const PAGE = 4096
const NO_SPACE = 'ENOSPC, no space left on device'
const WRITING = SCENARIOS.filter(
  ({ command }) => command !== 'code cache' && command !== 'compaction',
)

/** A scenario prepared on a disk, with a journal that has no room left in its last page. */
async function prepare({ prepare }: Scenario, size = '256k'): Promise<FullDisk> {
  const disk = new FullDisk(smallFileSystem(`size=${size}`))
  const { world } = disk
  await prepare(world)
  if (!world.files().has('state')) return disk
  const text = readFileSync(world.state, 'latin1')
  if (!text.endsWith('\n')) return disk
  const same = '["another","0000:81:00.0","kept",0,"00"]\n'
  while (statSync(world.state).size % PAGE < PAGE - same.length) appendFileSync(world.state, same)
  return disk
}

describe.skipIf(!mayMount)(`a full disk${unmounted}`, () => {
  it.each(WRITING.map((scenario) => [`${scenario.command} ${scenario.name}`, scenario] as const))(
    'with room for 0 to 4 pages: %s',
    async (_, scenario) => {
      const codes: number[] = []
      for (let pages = 0; pages <= 4; pages++) {
        const disk = await prepare(scenario)
        const { world } = disk
        const [before, file] = [world.devices(), world.files().get('FILE')]
        const known = changesToUndo(world)
        disk.fill(pages)
        const { exitCode, stdout, stderr } = await world.run(
          [...scenario.words, '--json'],
          scenario.stdin,
        )
        codes.push(exitCode)
        expectToldTruly(exitCode, stderr)
        expectSound(world)
        if (exitCode !== 0) expect(world.files().get('FILE')).toBe(file)
        const left = world.devices()
        if (scenario.undoing !== 'is not concerned') {
          expect(saysChanged(stdout), stdout).toBe(!isSame(before, left))
        }
        disk.empty()
        await expectWorking(world, before, left, known, scenario)
      }
      expect(codes.at(-1)).toBe(0)
    },
  )
})

/** An error, where there is one, and notes say that there is no space, and the exit code is 1 for an error. */
function expectToldTruly(exitCode: number, stderr: string): void {
  const told = stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { error?: { message: string }; note?: string })
  const errors = told.flatMap(({ error }) => error?.message ?? [])
  const notes = told.flatMap(({ note }) => note ?? [])
  for (const text of errors) expect(text).toMatch(/^Cannot .*: ENOSPC, no space left on device$/)
  for (const text of notes) expect(text).toMatch(/: Cannot .*: ENOSPC, no space left on device$/)
  expect([exitCode, errors.length]).toEqual(errors.length > 0 ? [1, 1] : [0, 0])
}

/** Whether the result says that something was changed; no result says no. */
function saysChanged(stdout: string): boolean {
  if (stdout === '') return false
  const { changed = false, devices = [] } = JSON.parse(stdout) as {
    changed?: boolean
    devices?: readonly { changed: boolean }[]
  }
  return changed || devices.some((one) => one.changed)
}

function isSame(one: Devices, other: Devices): boolean {
  return Object.keys(one).every((bdf) => one[bdf] === other[bdf])
}

/** All files parse, nothing is left half done, no lock is stuck. */
function expectSound(world: World): void {
  expect(wrongFiles(world)).toEqual([])
  expect(unfinished(world)).toEqual([])
  world.takeLocks()
}

/** With room again undo is right, and the next command works. */
async function expectWorking(
  world: World,
  before: Devices,
  left: Devices,
  known: ReadonlySet<string>,
  { undoing }: Scenario,
): Promise<void> {
  const isBegun = [...changesToUndo(world)].some((change) => !known.has(change))
  if (undoing === 'puts back') {
    if (!isBegun) expect(left).toEqual(before)
    else {
      const { exitCode, stderr } = await world.run(['undo'])
      if (exitCode === 0) expect(world.devices()).toEqual(before)
      else expect(stderr).toMatch(/^tphctl: .*: Cannot put back entries /m)
    }
  }
  const now = world.devices()
  expect(await world.run(['set', '81:00.0', '0=6', '9=7'])).toMatchObject({
    exitCode: 0,
    stderr: '',
  })
  const undone = await world.run(['undo', '-q'])
  if (undone.exitCode === 0) expect(world.devices()).toEqual(now)
  else expect(undone.stderr).toMatch(/^tphctl: .*: Cannot put back entries /m)
}

describe.skipIf(!mayMount)(`what a full disk is told as${unmounted}`, () => {
  const scenario = (name: string): Scenario =>
    SCENARIOS.find((one) => one.name === name) ?? expect.fail(name)

  it('by set: nothing was sent', async () => {
    const disk = await prepare(scenario('of three runs'))
    const { world } = disk
    const before = world.devices()
    disk.fill(0)
    expect(await world.run(['set', '81:00.0', '0=7', '--json'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `${JSON.stringify({
        error: {
          code: 'refused',
          exitCode: 1,
          message: `Cannot write ledger "${world.state}.ledger/built-in/0000:81:00.0.json": ${NO_SPACE}`,
          hint: null,
          device: '0000:81:00.0',
          errno: 'ENOSPC',
        },
      })}\n`,
    })
    expect(world.devices()).toEqual(before)
    expect((await world.run(['get', '81:00.0', '0'])).stdout).toBe('0\t0x0100\t0\tvm\n')
  })

  it('by apply that changes a mode: nothing was sent', async () => {
    const disk = await prepare(scenario('that turns TPH on'))
    const { world } = disk
    const before = world.devices()
    disk.fill(0)
    const { words, stdin } = scenario('that turns TPH on')
    const warnings = (await world.run([...words, '--dry-run'], stdin)).stderr
    expect(await world.run(words, stdin)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `${warnings}tphctl: 0000:81:00.0: Cannot write ledger "${world.state}.ledger/built-in/0000:81:00.0.json": ${NO_SPACE}\n`,
    })
    expect(world.devices()).toEqual(before)
  })

  it('by export --to: the file is as it was', async () => {
    const disk = await prepare(scenario('over a file'))
    const { world } = disk
    disk.fill(0)
    const [path] = world.words(['FILE'])
    expect(await world.run(['export', '--to', 'FILE'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `tphctl: Cannot write "${path}": ${NO_SPACE}\n`,
    })
  })

  it('of the emulated kernel, by set: the SET failed and nothing is applied', async () => {
    const disk = await prepare(scenario('of three runs'))
    const { world } = disk
    disk.fill(1)
    const { exitCode, stdout, stderr } = await world.run(['set', '82:00.0', '0=9', '2=9'])
    const message = `Cannot write mock state "${world.state}": ${NO_SPACE}`
    expect(exitCode).toBe(1)
    expect(stdout).toBe(
      `0000:82:00.0\tfailed\t0\t1\tvm\t9\t${message}\n0000:82:00.0\tskipped\t2\t1\tvm\t9\t-\n`,
    )
    const ledger = `${world.state}.ledger/built-in/0000:82:00.0.json`
    const note = `the CPUs behind its tags are not remembered: Cannot write ledger "${ledger}": ${NO_SPACE}`
    expect(stderr).toBe(`tphctl: note: 0000:82:00.0: ${note}\ntphctl: 0000:82:00.0: ${message}\n`)
  })
})
