import { parseBdf } from '../args/bdf.ts'
import { parseEntry, parseMemoryType } from '../args/entry.ts'
import { EntryList } from '../args/entry-list.ts'
import { type DeviceEntryList, readDeviceLines, readEntries } from '../args/entry-stream.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import type { Host } from '../tph/host.ts'
import { planSet, type SetOptions } from '../tph/plan-set.ts'
import type { DevicePlan } from '../tph/transaction.ts'
import { programOne, programPlans } from './program-plans.ts'
import {
  type CommandSpec,
  DEVICE_ARGUMENT,
  type Invocation,
  MEMORY_TYPE_OPTION,
  type Outcome,
} from './spec.ts'

const STDIN = '-'

/** `tphctl set DEVICE ENTRY…`, `set DEVICE -` and `set -`. */
export const set: CommandSpec = {
  arguments: [
    {
      ...DEVICE_ARGUMENT,
      description: `${DEVICE_ARGUMENT.description}; - reads lines "DEVICE ENTRY..."`,
    },
    {
      name: '[entries...]',
      description:
        'INDEXES=CPUS[@vm|@pm], as in 0-3=8-11 or 4=node:1 or 5=none; - reads them from stdin',
      check: parseEntry,
    },
  ],
  options: [
    MEMORY_TYPE_OPTION,
    {
      flags: '--cycle',
      description: 'deal CPUs out in turn when their number is not that of the indexes',
    },
  ],
  examples: ['set 81:00.0 0-3=8-11', 'set 81:00.0 0-63=local --cycle', 'set - < steering.txt'],
  run(invocation, context) {
    const { words } = invocation
    const options = setOptions(invocation)
    if (words[0] === STDIN) return setMany(words, options, context)
    const bdf = parseBdf(words[0] ?? '')
    const entries = entriesOf(words.slice(1), context)
    return programOne(context, planSet(context.host(), bdf, entries, options), 'set')
  },
}

function setOptions({ options }: Invocation): SetOptions {
  const memoryType = parseMemoryType(String(options['memType'] ?? 'vm'))
  return { memoryType, cycle: options['cycle'] === true }
}

function setMany(words: readonly string[], options: SetOptions, context: Context): Outcome {
  if (words.length > 1) {
    throw new UsageError('Cannot set: with "-" as DEVICE all ENTRYs come from standard input')
  }
  const lines = readDeviceLines(context.io.stdinPieces(), 'stdin')
  if (lines.length === 0) throw nothingToSet()
  const host = context.host()
  const plans = planAll(host, lines, options)
  const { results: devices, error } = programPlans(context, plans, 'set')
  return { result: { kind: 'sets', value: { devices } }, error }
}

/** What was parsed is let go line by line: there may be a million. */
function planAll(host: Host, lines: DeviceEntryList[], options: SetOptions): DevicePlan[] {
  const plans: DevicePlan[] = []
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    plans.push(planSet(host, line.bdf, line.entries, options))
  }
  return plans
}

function entriesOf(words: readonly string[], { io }: Context): EntryList {
  if (words.filter((word) => word === STDIN).length > 1) {
    throw new UsageError('Cannot set: standard input ("-") can be read once only')
  }
  if (words.length === 0) {
    const hint = 'as in "tphctl set 81:00.0 0-3=8-11", or - to read them from stdin'
    throw new UsageError('Cannot set: no ENTRY given', { hint })
  }
  const entries = new EntryList()
  for (const word of words) {
    if (word === STDIN) readEntries(io.stdinPieces(), 'stdin', entries)
    else entries.push(parseEntry(word))
  }
  if (entries.length === 0) throw nothingToSet()
  return entries
}

function nothingToSet(): UsageError {
  return new UsageError('Cannot set: standard input has no ENTRY')
}
