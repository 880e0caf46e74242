import { isSame, tagOf } from './account.ts'
import type { Stage, States, Trial } from './stage.ts'

/** What is looked at afterwards; without a table INDEXES are needed. */
const LOOKS = [
  ['0000:81:00.0', '0-24'],
  ['0000:82:00.0', '0-9'],
  ['0000:83:00.0', '0-9,2047'],
] as const

interface Entry {
  readonly index: number
  readonly st: number
  readonly cpu: number | null
  readonly memoryType: string | null
}

/** What is wrong with what a command left behind, a sentence each. */
export async function aftermathComplaints(stage: Stage, trial: Trial): Promise<string[]> {
  const { open, closedTwice } = trial.injector
  const wrong = [
    ...[...open.values()].map((what) => `${what} is left open`),
    ...closedTwice.map((fd) => `fd ${fd} is closed, and was not open`),
    ...stage.world.locked().map((what) => `${what} is left locked`),
  ]
  if (stage.scenario.owned === false) {
    return [
      ...wrong,
      ...differences(trial.after, trial.before).map(
        (bdf) => `${bdf} is closed and has kept its state`,
      ),
    ]
  }
  for (const [bdf, indexes] of LOOKS) {
    const { exitCode, stdout, stderr } = await stage.call(`get ${bdf} ${indexes} --json`)
    if (exitCode !== 0 || stderr !== '') wrong.push(`get ${bdf} then: exit ${exitCode}: ${stderr}`)
    else wrong.push(...untrue(bdf, JSON.parse(stdout).entries, trial.after))
  }
  return wrong
}

function untrue(bdf: string, entries: readonly Entry[], states: States): string[] {
  return entries.flatMap(({ index, st, cpu, memoryType }) => {
    const is = states.get(bdf)?.tags[index]
    if (st !== is) return [`get ${bdf} then says that entry ${index} has tag ${st}, not ${is}`]
    if (cpu === null || tagOf(bdf, cpu, memoryType === 'pm') === st) return []
    return [`get ${bdf} then says that entry ${index} leads to CPU ${cpu}, and its tag is ${st}`]
  })
}

/**
 * What is wrong with `undo` afterwards, device by device: what was changed is to be as it was, or it says so.
 *
 * @param earlier where `undo` leads that finds a device as it was before the command
 */
export async function undoComplaints(
  stage: Stage,
  trial: Trial,
  earlier: States,
): Promise<string[]> {
  const wrong: string[] = []
  for (const [bdf, after] of trial.after) {
    const { exitCode, stderr } = await stage.call(`undo ${bdf} --json`)
    if (exitCode === 8) return [`undo then: ${stderr}`]
    const before = trial.before.get(bdf)
    const former = stage.scenario.call.startsWith('undo') ? earlier.get(bdf) : before
    const right = isSame(after, before) ? [before, earlier.get(bdf)] : [former]
    const now = stage.states().get(bdf)
    const isTold = exitCode !== 0 || trial.run.stderr.includes(`${bdf}: its mode is not remembered`)
    if (!isTold && !right.some((one) => isSame(one, now)))
      wrong.push(`undo then leaves ${bdf} otherwise without a word: ${stderr}`)
  }
  return wrong
}

function differences(a: States, b: States): string[] {
  return [...a].flatMap(([bdf, state]) => (isSame(state, b.get(bdf)) ? [] : [bdf]))
}
