import { parseBdf } from '../args/bdf.ts'
import { parseCpuList } from '../args/cpu-list.ts'
import { parseCpuSelector, parseMemoryType } from '../args/entry.ts'
import { UsageError } from '../errors.ts'
import { type PlanPolicy, planTable } from '../tph/plan-table.ts'
import {
  type CommandSpec,
  DEVICE_ARGUMENT,
  type Invocation,
  MEMORY_TYPE_OPTION,
  type OptionSpec,
} from './spec.ts'

/** A policy's option, and how its value is parsed. */
interface PolicyOption extends OptionSpec {
  /** Its name in an invocation. */
  readonly key: string
  parse(value: string): PlanPolicy
}

const POLICIES: readonly PolicyOption[] = [
  {
    key: 'local',
    flags: '--local',
    description: 'round robin over the online CPUs near the device (the default)',
    parse: () => ({ kind: 'local' }),
  },
  {
    key: 'cpus',
    flags: '--cpus <list>',
    description: 'over these CPUs, in this order, such as 0-3,8; all must be online',
    parse: (value) => ({ kind: 'list', cpus: parseCpuList(value) }),
  },
  {
    key: 'node',
    flags: '--node <node>',
    description: 'over the online CPUs of this NUMA node',
    parse: (value) => some(`node:${value}`),
  },
  {
    key: 'l3',
    flags: '--l3 <l3>',
    description: 'over the online CPUs that share this level 3 cache',
    parse: (value) => some(`l3:${value}`),
  },
  {
    key: 'followIrqs',
    flags: '--follow-irqs',
    description: 'entry N to the CPU that vector N interrupts now, for the vectors there are',
    parse: () => ({ kind: 'irqs' }),
  },
]

/** `tphctl plan DEVICE [POLICY]`. */
export const plan: CommandSpec = {
  arguments: [DEVICE_ARGUMENT],
  options: [
    ...POLICIES.map(({ flags, description }) => ({ flags, description })),
    MEMORY_TYPE_OPTION,
  ],
  examples: [
    'plan 81:00.0',
    'plan 81:00.0 --node 0 | tphctl set 81:00.0 -',
    'plan 81:00.0 --follow-irqs -o ndjson',
  ],
  run(invocation, { host }) {
    const { words, options } = invocation
    const bdf = parseBdf(words[0] ?? '')
    const { policy, word } = parsePolicy(invocation)
    const memoryType = parseMemoryType(String(options['memType'] ?? 'vm'))
    const value = planTable(host(), bdf, policy, memoryType, word)
    return { result: { kind: 'plan', value } }
  },
}

/** The one policy that was given, and how. @throws UsageError for two of them, or a value that does not parse */
function parsePolicy({ options }: Invocation): { policy: PlanPolicy; word: string } {
  const [given, other] = POLICIES.filter(({ key }) => options[key] !== undefined)
  if (given === undefined) return { policy: { kind: 'local' }, word: '--local' }
  if (other !== undefined) {
    const both = `${nameOf(given)} and ${nameOf(other)}`
    throw new UsageError(`Cannot plan by both ${both}: give one of them`)
  }
  const value = options[given.key]
  if (typeof value !== 'string') return { policy: given.parse(''), word: nameOf(given) }
  return { policy: given.parse(value), word: `${nameOf(given)} ${value}` }
}

function nameOf({ flags }: PolicyOption): string {
  return flags.split(' ')[0] ?? flags
}

function some(word: string): PlanPolicy {
  const selector = parseCpuSelector(word)
  if (selector.kind === 'none') throw new RangeError(`${word} is some CPUs`)
  return selector
}
