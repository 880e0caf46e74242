import { appendFileSync, readFileSync } from 'node:fs'
import { openMock, send } from '../backend/mock/raw-device.ts'
import type { World } from './world.ts'

/** What undo has to make of a killed command: put it back, finish it, or nothing. */
export type Undoing = 'puts back' | 'finishes' | 'is not concerned'

/** A command that is killed, and how the host is before. */
export interface Scenario {
  /** The command, for the figures. */
  readonly command: string
  readonly name: string
  readonly words: readonly string[]
  readonly stdin?: string
  readonly undoing: Undoing
  /** The first call worth dying at; 1 unless told. */
  readonly from?: number
  /** Whether compiled code is kept, in the folder `code`. */
  readonly keepsCode?: boolean
  prepare(world: World): Promise<void>
}

const SET = '14000000 0e000200 00000000 0000 0200 03000000 04000000'
/** Above the length at which a state file is rewritten. */
const LONG = 9 * 1024 * 1024

const file = (...devices: string[]) => `version: 1\ndevices: [${devices.join(', ')}]\n`
const ON = file(
  '{device: "81:00.0", mode: iv, entries: ["0-3=4-7", "8=none", "10=9@pm"]}',
  '{device: "82:00.0", entries: ["0-1=3"]}',
  '{device: "83:00.0", mode: ds}',
)

const sets = (...all: readonly (readonly string[])[]) =>
  async function prepare(world: World): Promise<void> {
    for (const words of all) await succeed(world, words)
  }

async function succeed(world: World, words: readonly string[], stdin = ''): Promise<void> {
  const run = await world.run(words, stdin)
  if (run.exitCode !== 0) throw new Error(`${words.join(' ')}: ${run.stderr}`)
}

const FIRST = ['set', '81:00.0', '0-3=0-3', '8=5']
const SECOND = ['set', '81:00.0', '0-3=8-11', '8=1@pm', '12=7']

/** What is killed. */
export const SCENARIOS: readonly Scenario[] = [
  {
    command: 'set',
    name: 'of three runs',
    words: SECOND,
    undoing: 'puts back',
    prepare: sets(FIRST),
  },
  {
    command: 'set',
    name: 'that is the first of all',
    words: SECOND,
    undoing: 'puts back',
    prepare: sets(),
  },
  {
    command: 'set',
    name: 'of two devices',
    words: ['set', '-'],
    stdin: '81:00.0 0-3=8-11\n82:00.0 0=1 2=3\n',
    undoing: 'puts back',
    prepare: sets(FIRST, ['set', '82:00.0', '0-7=8']),
  },
  {
    command: 'set',
    name: 'over tags whose CPUs nobody knows',
    words: ['set', '81:00.0', '0-1=8', '4=9'],
    undoing: 'puts back',
    async prepare({ state }) {
      send(openMock({ statePath: state }).borrow('0000:81:00.0'), SET)
    },
  },
  {
    command: 'set',
    name: 'behind a torn record',
    words: SECOND,
    undoing: 'puts back',
    async prepare(world) {
      await succeed(world, FIRST)
      appendFileSync(world.state, '["built-in","0000:8')
    },
  },
  {
    command: 'compaction',
    name: 'at the end of a set',
    words: SECOND,
    undoing: 'puts back',
    from: 8,
    async prepare(world) {
      await succeed(world, FIRST)
      await succeed(world, ['set', '82:00.0', '8-2047=0-2', '--cycle'])
      const text = readFileSync(world.state, 'latin1')
      const last = text.slice(text.lastIndexOf('\n', text.length - 2) + 1)
      appendFileSync(world.state, last.repeat(Math.ceil(LONG / last.length)))
    },
  },
  {
    command: 'clear',
    name: 'of two runs',
    words: ['clear', '81:00.0', '0-1,8'],
    undoing: 'puts back',
    prepare: sets(FIRST),
  },
  {
    command: 'apply',
    name: 'that turns TPH on',
    words: ['apply', '-'],
    stdin: ON,
    undoing: 'puts back',
    prepare: sets(FIRST),
  },
  {
    command: 'apply',
    name: 'that turns TPH off',
    words: ['apply', '-'],
    stdin: file(
      '{device: "81:00.0", mode: off, entries: ["0-1=3"]}',
      '{device: "82:00.0", mode: off}',
      '{device: "83:00.0", mode: ds}',
    ),
    undoing: 'puts back',
    prepare: sets(
      FIRST,
      ['enable', '81:00.0', '--mode', 'iv'],
      ['enable', '82:00.0', '--mode', 'ds'],
    ),
  },
  {
    command: 'apply',
    name: 'that changes one mode to another',
    words: ['apply', '-'],
    stdin: file('{device: "81:00.0", mode: ds, entries: ["0-1=3"]}'),
    undoing: 'puts back',
    prepare: sets(FIRST, ['enable', '81:00.0', '--mode', 'iv']),
  },
  {
    command: 'undo',
    name: 'of a set',
    words: ['undo'],
    undoing: 'finishes',
    prepare: sets(FIRST, SECOND),
  },
  {
    command: 'undo',
    name: 'of an apply to three devices',
    words: ['undo'],
    undoing: 'finishes',
    async prepare(world) {
      await succeed(world, FIRST)
      await succeed(world, ['apply', '-'], ON)
    },
  },
  {
    command: 'enable',
    name: 'in another mode',
    words: ['enable', '81:00.0', '--mode', 'ds'],
    undoing: 'is not concerned',
    prepare: sets(FIRST, ['enable', '81:00.0', '--mode', 'iv']),
  },
  {
    command: 'tag',
    name: 'of two CPUs',
    words: ['tag', '83:00.0', '0-1'],
    undoing: 'is not concerned',
    prepare: sets(FIRST),
  },
  {
    command: 'export --to',
    name: 'over a file',
    words: ['export', '--to', 'FILE'],
    undoing: 'is not concerned',
    prepare: sets(FIRST, ['export', '--to', 'FILE'], SECOND),
  },
  {
    command: 'mock reset',
    name: 'of all',
    words: ['mock', 'reset'],
    undoing: 'is not concerned',
    prepare: sets(FIRST, SECOND),
  },
  {
    command: 'code cache',
    name: 'of the first get',
    words: ['get', '81:00.0', '0'],
    keepsCode: true,
    undoing: 'is not concerned',
    prepare: sets(FIRST),
  },
]
