import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parseCpuList } from '../../src/args/cpu-list.ts'
import { expectSoundCode } from './code.ts'
import { changesToUndo, unfinished, wrongFiles } from './files.ts'
import { kill, type Moment, observe, type Work } from './kill.ts'
import type { Scenario } from './scenarios.ts'
import { DEVICES, type Devices, World } from './world.ts'

/** What a kill came to, for the figures. */
export interface Killed {
  readonly command: string
  readonly how: Moment['how']
  /** Whether it was killed after its first change and before its end. */
  readonly inTheMiddle: boolean
  /** What undo was at once; null where it is not about the command. */
  readonly undo: Undone | null
  /** What undo was of the next set, which is to go back to what the kill left. */
  readonly next: Undone
}

type Undone = 'right' | 'cannot know'

/** Not the CPUs of any scenario. */
const AGAIN = ['set', '81:00.0', '0=13', '9=14']

/** A scenario that is ready to be killed, over and over: each time in a copy of the same world. */
export class Trial {
  readonly scenario: Scenario
  readonly #work: Work
  readonly #folder: string
  readonly #world: World
  /** What the devices have before the command, after it, and where undo leads without it. */
  readonly #before: Devices
  readonly #after: Devices
  readonly #earlier: Devices
  readonly #file: string
  #copies = 0

  private constructor(
    scenario: Scenario,
    folder: string,
    world: World,
    work: Work,
    [before, after, earlier]: readonly [Devices, Devices, Devices],
    file: string,
  ) {
    this.scenario = scenario
    this.#work = work
    this.#folder = folder
    this.#world = world
    this.#before = before
    this.#after = after
    this.#earlier = earlier
    this.#file = file
  }

  static async of(scenario: Scenario, folder: string): Promise<Trial> {
    const world = new World(join(folder, 'world'))
    await scenario.prepare(world)
    const whole = world.copyTo(join(folder, 'whole'))
    const work = await observe(whole, scenario)
    const undone = world.copyTo(join(folder, 'undone'))
    await undone.run(['undo', '-q'])
    const devices = [world.devices(), whole.devices(), undone.devices()] as const
    return new Trial(scenario, folder, world, work, devices, fileOf(whole))
  }

  /** All moments to die at by the number of a call. */
  moments(): Moment[] {
    return this.#work.calls.flatMap((name, i): Moment[] => {
      const call = i + 1
      if (call < (this.scenario.from ?? 1)) return []
      const before = { how: 'before', call, name } as const
      return /^write/.test(name) ? [before, { ...before, how: 'half' }] : [before]
    })
  }

  /** One kill, and all that must hold afterwards. */
  async run(moment: Moment): Promise<Killed> {
    const world = this.#copy(this.#world)
    const { command } = this.scenario
    const was = world.files()
    const wasKilled = await kill(world, this.scenario, moment, this.#work.milliseconds)
    const inTheMiddle = wasKilled && isOtherMap(world.files(), was)
    expect(wrongFiles(world)).toEqual([])
    const other = this.#copy(world)
    const next = await this.#setAndUndo(other)
    await this.#expectTruth(world)
    this.#expectWhole(world)
    const undo = await this.#undo(world)
    await this.#expectTidy(world)
    for (const { folder } of [world, other]) rmSync(folder, { recursive: true })
    return { command, how: moment.how, inTheMiddle, undo, next }
  }

  #copy(world: World): World {
    return world.copyTo(join(this.#folder, `copy-${this.#copies++}`))
  }

  /** Every CPU that get shows is the one behind the tag. */
  async #expectTruth(world: World): Promise<void> {
    for (const bdf of DEVICES.slice(0, 2)) {
      const { exitCode, stdout, stderr } = await world.run(['get', bdf, '0-15', '--json'])
      expect([exitCode, stderr]).toEqual([0, ''])
      for (const { st, cpu, memoryType } of JSON.parse(stdout).entries) {
        if (cpu !== null) expect(st).toBe((memoryType === 'pm' ? 0x200 : 0x100) + cpu)
      }
    }
  }

  /** A file that others read is the former or the new one. */
  #expectWhole(world: World): void {
    expect([fileOf(this.#world), this.#file]).toContain(fileOf(world))
  }

  /** Undo at once. */
  async #undo(world: World): Promise<Killed['undo']> {
    world.takeLocks()
    const { undoing } = this.scenario
    if (undoing === 'is not concerned') return null
    const left = world.devices()
    const isBegun = isOther(changesToUndo(world), changesToUndo(this.#world))
    const { exitCode, stderr } = await world.run(['undo'])
    const now = world.devices()
    if (undoing === 'finishes') {
      expect([exitCode, now]).toEqual([0, this.#after])
      return 'right'
    }
    // What was begun is undone, else what was done before; nothing is ever changed that undo does not know of.
    if (!isBegun) expect(left).toEqual(this.#before)
    const meant = isBegun ? this.#before : this.#earlier
    return expectUndone(exitCode, stderr, now, meant)
  }

  /** The next command, and its undo: back to what the killed one left, whatever that is. */
  async #setAndUndo(world: World): Promise<Undone> {
    const left = world.devices()
    expect((await world.run(AGAIN)).exitCode).toBe(0)
    expect(unfinished(world).filter((name) => name.includes('0000:81:00.0'))).toEqual([])
    const { exitCode, stderr } = await world.run(['undo'])
    return expectUndone(exitCode, stderr, world.devices(), left)
  }

  /** What was left unfinished goes when the same is written again. */
  async #expectTidy(world: World): Promise<void> {
    if (this.scenario.keepsCode === true) await expectSoundCode(world, this.scenario.words)
    if (this.scenario.command !== 'export --to') return
    expect((await world.run(['export', '--to', 'FILE'])).exitCode).toBe(0)
    expect(unfinished(world)).toEqual([])
  }
}

/** Either all is as it is meant to be, or just the entries that undo names are not. */
function expectUndone(exitCode: number, stderr: string, now: Devices, meant: Devices): Undone {
  const unknown = /Cannot put back entries ([\d,-]+): the CPU/.exec(stderr)?.[1]
  if (unknown === undefined) {
    expect([exitCode, now], stderr).toEqual([0, meant])
    return 'right'
  }
  expect(exitCode).toBe(1)
  const [bdf = ''] = DEVICES
  const different = differing(now[bdf] ?? '', meant[bdf] ?? '')
  expect(different).toEqual(parseCpuList(unknown))
  expect({ ...now, [bdf]: '' }).toEqual({ ...meant, [bdf]: '' })
  return 'cannot know'
}

function differing(one: string, other: string): number[] {
  const others = other.split(' ')
  return one.split(' ').flatMap((word, i) => (word === others[i] ? [] : [i]))
}

function isOtherMap(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size !== other.size || [...one].some(([name, text]) => other.get(name) !== text)
}

function isOther(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((change) => !other.has(change))
}

function fileOf({ folder }: World): string {
  try {
    return readFileSync(join(folder, 'FILE'), 'utf8')
  } catch {
    return ''
  }
}
