import type { CpuSet, DeviceLocality, Topology } from './topology.ts'

/** How far CPUs are from a device: its own node, another node of its socket, or further. */
export type Distance = 'local' | 'near' | 'far'

/** The CPUs of a node that share a level 3 cache. */
export interface L3Place {
  /** Null for CPUs of which no such cache is known. */
  readonly l3: number | null
  /** Ascending. */
  readonly cpus: readonly number[]
}

/** A NUMA node as a device sees it. */
export interface NodePlace {
  /** Null for CPUs of which no node is known; Linux does not tell it of those that are offline. */
  readonly node: number | null
  /** Null where the firmware does not say where the device is. */
  readonly distance: Distance | null
  readonly l3: readonly L3Place[]
}

/**
 * Sorts CPUs by node and level 3 cache, as a device sees them.
 *
 * @param cpus those to place, such as all that are possible
 */
export function layOut(
  topology: Topology,
  locality: DeviceLocality,
  cpus: readonly number[],
): NodePlace[] {
  const wanted = new Set(cpus)
  const distanceOf = distances(topology, locality)
  const nodes: NodePlace[] = topology.nodes.map(({ id, cpus }) => ({
    node: id,
    distance: distanceOf(id, cpus),
    l3: splitByL3(
      topology,
      cpus.filter((cpu) => wanted.has(cpu)),
    ),
  }))
  const placed = new Set(topology.nodes.flatMap((one) => one.cpus))
  const rest = [...wanted].filter((cpu) => !placed.has(cpu)).sort((a, b) => a - b)
  if (rest.length === 0) return nodes
  return [...nodes, { node: null, distance: null, l3: splitByL3(topology, rest) }]
}

function splitByL3({ l3 }: Topology, cpus: readonly number[]): L3Place[] {
  const domains: L3Place[] = l3.map((set) => ({ l3: set.id, cpus: inSet(cpus, set) }))
  const placed = new Set(l3.flatMap((set) => set.cpus))
  const rest = { l3: null, cpus: cpus.filter((cpu) => !placed.has(cpu)) }
  return [...domains, rest].filter((one) => one.cpus.length > 0)
}

function inSet(cpus: readonly number[], set: CpuSet): number[] {
  const all = new Set(set.cpus)
  return cpus.filter((cpu) => all.has(cpu))
}

function distances(
  topology: Topology,
  locality: DeviceLocality,
): (node: number, cpus: readonly number[]) => Distance | null {
  if (topology.nodes.length === 1) return () => 'local'
  if (!isPlaceKnown(topology, locality)) return () => null
  const own = topology.nodes.find(({ id }) => id === locality.numaNode)
  const local = new Set([...locality.localCpus, ...(own?.cpus ?? [])])
  const sockets = topology.packages.filter((one) => one.cpus.some((cpu) => local.has(cpu)))
  const near = new Set(sockets.flatMap((one) => one.cpus))
  return (node, cpus) => {
    if (node === locality.numaNode || cpus.some((cpu) => local.has(cpu))) return 'local'
    return cpus.some((cpu) => near.has(cpu)) ? 'near' : 'far'
  }
}

/** Where the firmware does not say, Linux calls all CPUs local. */
function isPlaceKnown({ online }: Topology, { numaNode, localCpus }: DeviceLocality): boolean {
  if (numaNode !== null) return true
  const local = new Set(localCpus)
  return local.size > 0 && online.some((cpu) => !local.has(cpu))
}
