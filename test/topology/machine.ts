import type { DeviceLocality, Topology } from '../../src/topology/topology.ts'

/** The built-in mock host's CPUs: 2 nodes × 2 L3 domains × 4 CPUs online, 16-19 possible; node 2 has no CPU online. */
export const machine: Topology = {
  possible: count(0, 20),
  online: count(0, 16),
  nodes: [
    { id: 0, cpus: count(0, 8) },
    { id: 1, cpus: count(8, 12) },
    { id: 2, cpus: [16, 17] },
    { id: 3, cpus: [] },
  ],
  l3: [0, 1, 2, 3].map((id) => ({ id, cpus: count(id * 4, 4) })),
  packages: [
    { id: 0, cpus: count(0, 8) },
    { id: 1, cpus: count(8, 8) },
  ],
}

/** A device on node 1. */
export const nearNode1: DeviceLocality = { localCpus: count(8, 8), numaNode: 1 }

/** A device of which sysfs says nothing. */
export const nowhere: DeviceLocality = { localCpus: [], numaNode: null }

/** `length` numbers from `first` on. */
export function count(first: number, length: number): number[] {
  return Array.from({ length }, (_, at) => first + at)
}
