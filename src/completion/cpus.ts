import { formatNumberList } from '../args/cpu-list.ts'
import type { CpuSet, DeviceLocality, Topology } from '../topology/topology.ts'
import type { Candidate } from './answer.ts'

/** The CPUS that a word may be: the device's own, those of a node or L3 domain, all that are online, or none. */
export function completeCpus(
  { online, nodes, l3 }: Topology,
  locality: DeviceLocality | null,
): Candidate[] {
  const localCpus = locality?.localCpus ?? []
  return [
    ...(localCpus.length === 0 ? [] : [{ word: 'local', about: cpus(localCpus) }]),
    ...nodes.filter(hasCpus).map((set) => candidate('node:', set)),
    ...l3.filter(hasCpus).map((set) => candidate('l3:', set)),
    ...completeList(online),
  ]
}

/** The list of the CPUs that are online. */
export function completeList(online: readonly number[]): Candidate[] {
  return [{ word: formatNumberList(online), about: 'all that are online' }]
}

/** The numbers of nodes or L3 domains. */
export function completeIds(sets: readonly CpuSet[]): Candidate[] {
  return sets.filter(hasCpus).map((set) => candidate('', set))
}

function candidate(prefix: string, { id, cpus: numbers }: CpuSet): Candidate {
  return { word: `${prefix}${id}`, about: cpus(numbers) }
}

function hasCpus(set: CpuSet): boolean {
  return set.cpus.length > 0
}

function cpus(numbers: readonly number[]): string {
  return `CPUs ${formatNumberList(numbers)}`
}
