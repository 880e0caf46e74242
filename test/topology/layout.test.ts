import { describe, expect, it } from 'vitest'
import { layOut } from '../../src/topology/layout.ts'
import type { DeviceLocality, Topology } from '../../src/topology/topology.ts'
import { count, machine, nearNode1, nowhere } from './machine.ts'

/** One socket of two nodes, and another of one; caches are shared across the nodes of a socket. */
const clustered: Topology = {
  possible: count(0, 12),
  online: count(0, 12),
  nodes: [0, 1, 2].map((id) => ({ id, cpus: count(id * 4, 4) })),
  l3: [
    { id: 7, cpus: count(0, 8) },
    { id: 9, cpus: count(8, 4) },
  ],
  packages: [
    { id: 0, cpus: count(0, 8) },
    { id: 1, cpus: count(8, 4) },
  ],
}

function distances(topology: Topology, locality: DeviceLocality) {
  return layOut(topology, locality, topology.possible).map(({ node, distance }) => [node, distance])
}

describe('layOut()', () => {
  it('puts each CPU below its node and cache, once', () => {
    const topology = { ...machine, nodes: machine.nodes.filter(({ id }) => id !== 2) }
    const nodes = layOut(topology, nearNode1, machine.possible)
    expect(nodes.map(({ node, l3 }) => [node, l3.map((one) => [one.l3, one.cpus.join()])])).toEqual(
      [
        [
          0,
          [
            [0, '0,1,2,3'],
            [1, '4,5,6,7'],
          ],
        ],
        [
          1,
          [
            [2, '8,9,10,11'],
            [3, '12,13,14,15'],
            [null, '16,17,18,19'],
          ],
        ],
        [3, []],
      ],
    )
  })

  it('splits a cache that nodes share', () => {
    const nodes = layOut(clustered, nowhere, clustered.possible)
    expect(nodes.map(({ l3 }) => l3.map((one) => one.l3))).toEqual([[7], [7], [9]])
  })

  it('tells the own node, another one of the socket, and others apart', () => {
    const locality = { numaNode: 1, localCpus: count(4, 4) }
    expect(distances(clustered, locality)).toEqual([
      [0, 'near'],
      [1, 'local'],
      [2, 'far'],
    ])
  })

  it('goes by the local CPUs where the node is not known, and by the node where they are not', () => {
    const expected = [
      [0, 'near'],
      [1, 'local'],
      [2, 'far'],
    ]
    expect(distances(clustered, { numaNode: null, localCpus: count(4, 4) })).toEqual(expected)
    expect(distances(clustered, { numaNode: 1, localCpus: [] })).toEqual(expected)
  })

  it('calls other nodes far where no sockets are known', () => {
    const locality = { numaNode: 1, localCpus: [] }
    const topology = { ...clustered, packages: [] }
    expect(distances(topology, locality)).toEqual([
      [0, 'far'],
      [1, 'local'],
      [2, 'far'],
    ])
  })

  it.each([
    ['nothing is known of the device', nowhere],
    ['all CPUs are local', { numaNode: null, localCpus: count(0, 12) }],
  ])('knows no distance where %s', (_, locality) => {
    expect(distances(clustered, locality).map(([, distance]) => distance)).toEqual([
      null,
      null,
      null,
    ])
  })

  it('of a machine with one node everything is local', () => {
    const topology = { ...clustered, nodes: [{ id: 0, cpus: count(0, 12) }] }
    expect(distances(topology, nowhere)).toEqual([[0, 'local']])
  })

  it('keeps CPUs of no node and no cache', () => {
    const bare: Topology = { possible: [0, 1], online: [0], nodes: [], l3: [], packages: [] }
    expect(layOut(bare, nowhere, [1, 0, 5])).toEqual([
      { node: null, distance: null, l3: [{ l3: null, cpus: [0, 1, 5] }] },
    ])
  })
})
