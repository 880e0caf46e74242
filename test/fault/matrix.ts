import { accountComplaints } from './account.ts'
import { aftermathComplaints, undoComplaints } from './aftermath.ts'
import { faultsOf, sampleOf } from './cells.ts'
import type { Fault } from './injector.ts'
import { linuxWorld } from './linux-world.ts'
import { mockWorld } from './mock-world.ts'
import { outcomeComplaints } from './outcome.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'
import { Stage, type States, type Trial } from './stage.ts'
import { DEVICES, type FaultWorld } from './world.ts'

/** What trying a scenario's faults came to. */
export interface Tried {
  /** The calls that the command makes without a fault. */
  readonly calls: number
  /** The faults that there are, and those of them that were tried. */
  readonly cells: number
  readonly tried: number
  /** What is wrong, each with its cell. */
  readonly complaints: readonly string[]
}

/** The scenarios of a world. */
export function scenariosOf(name: FaultWorld['name']): Scenario[] {
  return SCENARIOS.filter(({ world, owned }) => {
    return (world ?? name) === name && (owned !== false || name === 'linux')
  })
}

/** A scenario by what it does, and what was done before. */
export function titleOf({ call, before = [], owned }: Scenario): string {
  const first = before.length === 0 ? '' : `${before.join('; ')}; `
  return `${first}${call}${owned === false ? ' (nobody owns it)' : ''}`
}

/** Runs a scenario without a fault, and then once with each of its faults, or with those that `choose` takes. */
export async function tryFaults(
  name: FaultWorld['name'],
  scenario: Scenario,
  choose: (faults: readonly Fault[]) => readonly Fault[],
): Promise<Tried> {
  const world = name === 'mock' ? mockWorld() : linuxWorld(scenario.owned ?? true)
  try {
    const stage = await Stage.set(scenario, world)
    // What a process does once only is done then, so that every run makes the same calls.
    await stage.try(null)
    const clean = await stage.try(null)
    const earlier = await undone(stage)
    const cells = faultsOf(clean.injector.calls)
    const chosen = choose(cells)
    const complaints: string[] = []
    for (const fault of chosen) {
      const found = await complaintsOf(stage, clean, earlier, fault)
      complaints.push(...found.map((text) => `${cellText(fault)}: ${text}`))
    }
    const calls = clean.injector.calls.length
    return { calls, cells: cells.length, tried: chosen.length, complaints }
  } finally {
    world.dispose()
  }
}

/** One fault for each kind of call and errno of each command, dealt out to its scenarios. */
export function sampleFor(
  scenario: Scenario,
  all: readonly Scenario[],
): (faults: readonly Fault[]) => Fault[] {
  const same = all.filter((one) => commandOf(one) === commandOf(scenario))
  const own = same.indexOf(scenario)
  return (faults) => sampleOf(faults, titleOf(scenario)).filter((_, i) => i % same.length === own)
}

function commandOf({ call }: Scenario): string {
  return call.split(' ')[0] ?? ''
}

async function undone(stage: Stage): Promise<States> {
  if (!hasUndo(stage.scenario)) return stage.before
  stage.putBack()
  for (const bdf of DEVICES) await stage.call(`undo ${bdf} --json`)
  return stage.states()
}

async function complaintsOf(
  stage: Stage,
  clean: Trial,
  earlier: States,
  fault: Fault,
): Promise<string[]> {
  const trial = await stage.try(fault)
  const found = trial.injector.fired
    ? []
    : ['the call is not made again: it is not the same every time']
  if (trial.run.exitCode === 8) return [...found, `is taken for a bug: ${trial.run.stderr}`]
  found.push(...outcomeComplaints(stage, clean, trial, fault))
  if (hasAccount(stage.scenario)) found.push(...accountComplaints(clean, trial))
  found.push(...(await aftermathComplaints(stage, trial)))
  if (hasUndo(stage.scenario)) found.push(...(await undoComplaints(stage, trial, earlier)))
  return found
}

/** Whether a command answers with an account of what it changed, and has changed for longer than it runs. */
function hasAccount({ call, owned }: Scenario): boolean {
  return (
    owned !== false && /^(set|clear|undo|apply|enable|disable)\b(?!.*--(diff|dry-run))/.test(call)
  )
}

/** Whether what a command changed can be taken back. */
function hasUndo({ call, owned }: Scenario): boolean {
  return owned !== false && /^(set|clear|undo|apply)\b(?!.*--(diff|dry-run))/.test(call)
}

function cellText({ kind, object, occurrence, errno }: Fault): string {
  return `${kind} ${object} (${occurrence}.) = ${errno}`
}
