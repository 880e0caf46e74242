import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { figures } from './figures.ts'
import type { Moment } from './kill.ts'
import { SCENARIOS } from './scenarios.ts'
import { Seeded } from './seeded.ts'
import { type Killed, Trial } from './trial.ts'

/*
 * Commands are killed with SIGKILL, at each of their changes to files in turn and at random moments. What must hold afterwards:
 * every file parses, no lock is stuck, get tells the truth, the next command works, and undo is right or names what it cannot
 * know. `npm run test:crash` does 2,000 kills; here is a share of them, TPHCTL_CRASH_KILLS says how many.
 */

const KILLS = Number(process.env['TPHCTL_CRASH_KILLS'] ?? 100)
const seed = Number(process.env['TPHCTL_CRASH_SEED'] ?? Date.now() % 2 ** 31)
/** As many at a time as a small machine has CPUs. */
const LANES = 2
/** A long run tells how far it is. */
const TOLD_EVERY = 250
/** A start takes some 50 ms, ten times that on a busy machine. */
const TIMEOUT = 120_000 + KILLS * 2_000

const killed: Killed[] = []

it(
  `${KILLS} kills lose nothing and tell no lies (TPHCTL_CRASH_SEED=${seed})`,
  async () => {
    const random = new Seeded(seed)
    const folder = temporaryDirectory()
    const trials: Trial[] = []
    for (const [i, scenario] of SCENARIOS.entries()) {
      trials.push(await Trial.of(scenario, join(folder, String(i))))
    }
    const planned = planKills(trials, random)
    expect(planned).toHaveLength(KILLS)
    await Promise.all(Array.from({ length: LANES }, () => work(planned)))
    expect(killed).toHaveLength(KILLS)
  },
  TIMEOUT,
)

afterAll(tell)

function tell(): void {
  writeSync(1, `\nseed ${seed}\n${figures(killed)}\n`)
}

interface Planned {
  readonly trial: Trial
  readonly moment: Moment
}

/** Each change of each command once, as many as half of the kills; the others at random. */
function planKills(trials: readonly Trial[], random: Seeded): Planned[] {
  const each = trials.flatMap((trial) => trial.moments().map((moment) => ({ trial, moment })))
  const inTurn = random.shuffle(each).slice(0, Math.ceil(KILLS / 2))
  const others = Array.from({ length: KILLS - inTurn.length }, (): Planned => {
    const trial = random.pick(trials)
    return { trial, moment: { how: 'at random', part: random.next() } }
  })
  return random.shuffle([...inTurn, ...others])
}

async function work(planned: Planned[]): Promise<void> {
  for (let next = planned.pop(); next !== undefined; next = planned.pop()) {
    const { trial, moment } = next
    const { command, name } = trial.scenario
    try {
      killed.push(await trial.run(moment))
      if (killed.length % TOLD_EVERY === 0) tell()
    } catch (error) {
      planned.length = 0
      throw new Error(`${command} ${name}, killed ${JSON.stringify(moment)}`, { cause: error })
    }
  }
}
