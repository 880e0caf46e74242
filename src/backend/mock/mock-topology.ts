import type { Topology } from '../../topology/topology.ts'

/** CPUs of every emulated host: two sockets with one NUMA node, two L3 domains and eight CPUs each, four CPUs that are off. */
export const MOCK_TOPOLOGY: Topology = {
  possible: range(0, 19),
  online: range(0, 15),
  nodes: [
    { id: 0, cpus: range(0, 7) },
    { id: 1, cpus: range(8, 15) },
  ],
  l3: [
    { id: 0, cpus: range(0, 3) },
    { id: 1, cpus: range(4, 7) },
    { id: 2, cpus: range(8, 11) },
    { id: 3, cpus: range(12, 15) },
  ],
  packages: [
    { id: 0, cpus: range(0, 7) },
    { id: 1, cpus: range(8, 15) },
  ],
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}
