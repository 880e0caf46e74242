import { GET, LAUNCHER, STATE } from './get-call.ts'
import type { NodeBinary } from './nodes.ts'
import type { Sampler, Subject } from './sampler.ts'
import { buildVariant, EMPTY } from './workplace.ts'

/** What a technique gains, in milliseconds of one call. */
export interface Gain {
  readonly technique: string
  readonly node: string
  /** How much longer the call takes without it: medians. */
  readonly milliseconds: number
}

const NONE_KEPT = { TPHCTL_CODE_CACHE: '' }
const BUILTINS = ['tty', 'crypto', 'child_process', 'timers/promises']

/** Measures `get` with all techniques and without one of each. */
export async function techniques(
  sampler: Sampler,
  nodes: readonly NodeBinary[],
  runs: number,
): Promise<Gain[]> {
  const whole = await buildVariant('whole', { isWhole: true })
  const eager = await buildVariant('eager', {
    banner: BUILTINS.map((name) => `require("node:${name}");`).join(''),
  })
  const parsed = await buildVariant('parsed', { isPlain: false })
  const waits = await buildVariant('waits', {
    banner: 'process.exit = (code) => { process.exitCode = code };',
  })
  const ioctl = await buildVariant('ioctl', { entry: 'test/bench/ioctl-entry.ts' })
  const without: readonly (readonly [string, string, Subject['env'], string])[] = [
    ['compiled code is kept between calls', LAUNCHER, NONE_KEPT, 'all'],
    ['parts by command; ajv, yaml and chalk only when used', whole, {}, 'all'],
    ['the same where no code is kept', whole, NONE_KEPT, 'nothing kept'],
    ['none of tty, crypto, child_process, timers/promises', eager, {}, 'all'],
    ['plain calls are parsed without commander', parsed, {}, 'all'],
    ['the end is not waited for', waits, {}, 'all'],
    ["koffi's binary without its JavaScript", ioctl, { BENCH_KOFFI: 'entry' }, 'ioctl'],
  ]
  return nodes.flatMap(({ path, version }) => {
    const subject = (name: string, launcher: string, env: Subject['env'] = {}): Subject => ({
      name,
      words: [path, launcher, ...GET],
      env: { ...STATE, ...env },
    })
    const samples = sampler.run(
      [
        { name: 'empty', words: [path, EMPTY] },
        subject('all', LAUNCHER),
        subject('nothing kept', LAUNCHER, NONE_KEPT),
        subject('ioctl', ioctl),
        ...without.map(([technique, launcher, env]) => subject(technique, launcher, env)),
      ],
      runs,
    )
    const median = (name: string) => samples.get(name)?.wall.median ?? Number.NaN
    return without.map(([technique, , , base]) => ({
      technique,
      node: version,
      milliseconds: median(technique) - median(base),
    }))
  })
}
