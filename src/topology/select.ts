import { formatNumberList } from '../args/cpu-list.ts'
import type { CpuSelector } from '../args/entry.ts'
import { quote } from '../args/quote.ts'
import { UsageError } from '../errors.ts'
import type { CpuSet, DeviceLocality, Topology } from './topology.ts'

/** A selector that stands for CPUs, that is, any but `none`. */
export type SomeCpus = Exclude<CpuSelector, { kind: 'none' }>

/**
 * The CPUs a selector stands for on this machine: a list as written, repeats kept; for a node, an L3 domain or `local`
 * the online ones, ascending.
 * @param word what the user wrote, for messages
 * @throws UsageError naming the CPU that does not exist or is offline, the node or L3 domain that does not exist, or a
 *   selector without an online CPU
 */
export function selectCpus(
  selector: SomeCpus,
  topology: Topology,
  locality: DeviceLocality,
  word: string,
): number[] {
  switch (selector.kind) {
    case 'list':
      return listed(selector.cpus, topology, word)
    case 'node':
      return online(setCpus(topology.nodes, selector.node, 'NUMA node', word), topology, word)
    case 'l3':
      return online(setCpus(topology.l3, selector.l3, 'L3 domain', word), topology, word)
    case 'local':
      return online(localCpus(locality, word), topology, word)
  }
}

/** Whether a CPU runs. */
export function isOnline({ online }: Topology, cpu: number): boolean {
  return setOf(online).has(cpu)
}

function listed(cpus: readonly number[], topology: Topology, word: string): number[] {
  const running = setOf(topology.online)
  const missing = cpus.find((cpu) => !running.has(cpu))
  if (missing === undefined) return [...cpus]
  if (topology.possible.includes(missing)) {
    const there = formatNumberList(topology.online)
    throw unusable(word, `CPU ${missing} is offline; online CPUs are ${there}`)
  }
  const there = formatNumberList(topology.possible)
  throw unusable(word, `CPU ${missing} does not exist; possible CPUs are ${there}`)
}

function setCpus(
  sets: readonly CpuSet[],
  id: number,
  what: string,
  word: string,
): readonly number[] {
  const found = sets.find((set) => set.id === id)
  if (found !== undefined) return found.cpus
  const there = sets.length === 0 ? 'none are known' : `known are ${knownIds(sets)}`
  throw unusable(word, `${what} ${id} does not exist; ${there}`)
}

function knownIds(sets: readonly CpuSet[]): string {
  return formatNumberList(sets.map((set) => set.id).sort((a, b) => a - b))
}

function localCpus({ localCpus }: DeviceLocality, word: string): readonly number[] {
  if (localCpus.length > 0) return localCpus
  throw unusable(word, "the device's local CPUs are not known", 'name the CPUs or a NUMA node')
}

function online(cpus: readonly number[], topology: Topology, word: string): number[] {
  const running = setOf(topology.online)
  const chosen = [...new Set(cpus)].filter((cpu) => running.has(cpu)).sort((a, b) => a - b)
  if (chosen.length > 0) return chosen
  if (cpus.length === 0) throw unusable(word, 'it has no CPU')
  throw unusable(word, `all its CPUs are offline (${formatNumberList(cpus)})`)
}

function unusable(word: string, why: string, hint?: string): UsageError {
  return new UsageError(`Cannot use ${quote(word)}: ${why}`, hint === undefined ? {} : { hint })
}

const sets = new WeakMap<readonly number[], ReadonlySet<number>>()

/** The list as a set, made once for each list: thousands of entries ask for the same one. */
function setOf(numbers: readonly number[]): ReadonlySet<number> {
  const made = sets.get(numbers) ?? new Set(numbers)
  sets.set(numbers, made)
  return made
}
