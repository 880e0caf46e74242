import { parseBdf } from '../args/bdf.ts'
import { parseCpuSelector, parseMemoryType } from '../args/entry.ts'
import { UsageError } from '../errors.ts'
import { type SomeCpus, selectCpus } from '../topology/select.ts'
import { findTphFunction } from '../tph/host.ts'
import { askTags } from '../tph/tag.ts'
import { type CommandSpec, DEVICE_ARGUMENT, MEMORY_TYPE_OPTION } from './spec.ts'

/** `tphctl tag DEVICE CPUS`. */
export const tag: CommandSpec = {
  arguments: [
    DEVICE_ARGUMENT,
    {
      name: '<cpus>',
      description: 'CPUs, such as 0-3,8 or node:1 or l3:0 or local',
      check: parseCpus,
    },
  ],
  options: [MEMORY_TYPE_OPTION],
  examples: ['tag 83:00.0 0-3', 'tag 83:00.0 local --mem-type pm'],
  run({ words: [word = '', cpuWord = ''], options }, { host, dryRun }) {
    const bdf = parseBdf(word)
    const selector = parseCpus(cpuWord)
    const memoryType = parseMemoryType(String(options['memType'] ?? 'vm'))
    const opened = host()
    const found = findTphFunction(opened, bdf)
    const cpus = selectCpus(selector, opened.backend.topology, found.fn, cpuWord)
    const { value, error } = askTags(opened, found, cpus, memoryType, dryRun)
    return { result: { kind: 'tag', value }, error }
  },
}

function parseCpus(word: string): SomeCpus {
  const selector = parseCpuSelector(word)
  if (selector.kind === 'none') throw new UsageError('Cannot ask for the tag of no CPU')
  return selector
}
