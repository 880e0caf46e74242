import { dirname, join } from 'node:path'
import type { Run, RunOptions } from '../helpers/run-main.ts'
import { type Fault, Injector, under } from './injector.ts'
import type { Scenario } from './scenarios.ts'
import { DEVICES, type DeviceState, type FaultWorld } from './world.ts'

const fs = process.getBuiltinModule('node:fs')

/** All devices at one time, by address. */
export type States = ReadonlyMap<string, DeviceState>

/** A command that ran, perhaps with a fault. */
export interface Trial {
  readonly injector: Injector
  readonly run: Run
  readonly before: States
  readonly after: States
}

/** A scenario on a host where all is ready for its command, as often as it is asked to run. */
export class Stage {
  readonly scenario: Scenario
  readonly world: FaultWorld
  readonly before: States
  /** Brings everything back to where the command begins. */
  readonly putBack: () => void

  private constructor(scenario: Scenario, world: FaultWorld) {
    this.scenario = scenario
    this.world = world
    this.before = statesIn(world)
    this.putBack = world.save()
  }

  /** @throws RangeError when what is to be done before fails */
  static async set(scenario: Scenario, world: FaultWorld): Promise<Stage> {
    for (const [path, text] of Object.entries(scenario.files ?? {})) {
      fs.mkdirSync(dirname(join(world.folder, path)), { recursive: true })
      fs.writeFileSync(join(world.folder, path), text)
    }
    for (const call of scenario.before ?? []) {
      const { exitCode, stderr } = await under(new Injector(null), () => world.run(call))
      if (exitCode !== 0) throw new RangeError(`${call}: exit ${exitCode}: ${stderr}`)
    }
    return new Stage(scenario, world)
  }

  /** Runs the command from where it begins. */
  async try(fault: Fault | null): Promise<Trial> {
    this.putBack()
    const injector = new Injector(fault)
    const run = await this.call(this.words, injector)
    this.world.end(injector)
    return { injector, run, before: this.before, after: this.states() }
  }

  /** All devices as they are now. */
  states(): States {
    return statesIn(this.world)
  }

  /** Another command on the same host. */
  async call(words: string, injector = new Injector(null)): Promise<Run> {
    const { stdin, env, happenings, signals } = this.scenario
    const options: RunOptions = {
      ...(stdin === undefined ? {} : { stdin }),
      ...(env === undefined ? {} : { env }),
      ...(happenings === undefined ? {} : { happenings }),
      ...(signals === undefined ? {} : { signals }),
    }
    return under(injector, () => this.world.run(words, options))
  }

  /** What tells apart the entries of an account is asked for as json; text that is its own form stays so. */
  get words(): string {
    const { call } = this.scenario
    return /^watch|^hold|--prometheus|--to \S+\.yaml/.test(call) ? call : `${call} --json`
  }
}

function statesIn(world: FaultWorld): States {
  return new Map(DEVICES.map((bdf) => [bdf, world.state(bdf)]))
}
