import { describe, expect, it } from 'vitest'
import { readTopology } from '../../../src/backend/linux/linux-topology.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { CountingRoot } from './counting-root.ts'
import { type FakeCpus, type FakeRoot, fakeRoot } from './fake-root.ts'

const TWO_SOCKETS: FakeCpus = {
  possible: '0-9',
  online: '0-5,7',
  nodes: { 0: '0-3', 1: '4-5,7', 2: '' },
  l3: [
    { id: 16, cpus: '4-5,7' },
    { id: 0, cpus: '0-1' },
    { id: 1, cpus: '2-3' },
  ],
  packages: { 1: '4-5,7', 0: '0-3' },
}

function topology(cpus: FakeCpus): { fake: FakeRoot; read: Topology } {
  const fake = fakeRoot()
  fake.cpus(cpus)
  return { fake, read: readTopology(new Root(fake.folder)) }
}

describe('readTopology()', () => {
  it('reads two sockets, an offline CPU among others, and a node with memory only', () => {
    const { read } = topology(TWO_SOCKETS)
    expect(read.possible).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(read.online).toEqual([0, 1, 2, 3, 4, 5, 7])
    expect(read.nodes).toEqual([
      { id: 0, cpus: [0, 1, 2, 3] },
      { id: 1, cpus: [4, 5, 7] },
      { id: 2, cpus: [] },
    ])
    expect(read.l3).toEqual([
      { id: 0, cpus: [0, 1] },
      { id: 1, cpus: [2, 3] },
      { id: 16, cpus: [4, 5, 7] },
    ])
    expect(read.packages).toEqual([
      { id: 0, cpus: [0, 1, 2, 3] },
      { id: 1, cpus: [4, 5, 7] },
    ])
  })

  it('reads a kernel without NUMA, L3 caches or package ids', () => {
    const { read } = topology({ possible: '0', online: '0' })
    expect(read).toMatchObject({ possible: [0], online: [0], nodes: [], l3: [], packages: [] })
  })

  it('names an L3 cache without id by its first CPU', () => {
    const { read } = topology({
      possible: '0-3',
      online: '0-3',
      l3: [{ cpus: '2-3' }, { cpus: '0-1' }],
    })
    expect(read.l3).toEqual([
      { id: 0, cpus: [0, 1] },
      { id: 2, cpus: [2, 3] },
    ])
  })

  it('keeps an L3 cache of interleaved CPUs together', () => {
    const { read } = topology({
      possible: '0-3',
      online: '0-3',
      l3: [
        { id: 0, cpus: '0,2' },
        { id: 1, cpus: '1,3' },
      ],
    })
    expect(read.l3).toEqual([
      { id: 0, cpus: [0, 2] },
      { id: 1, cpus: [1, 3] },
    ])
  })

  it('sorts node10 behind node9', () => {
    const { read } = topology({ possible: '0-1', online: '0-1', nodes: { 9: '0', 10: '1' } })
    expect(read.nodes.map(({ id }) => id)).toEqual([9, 10])
  })

  it('leaves a package id of -1 out', () => {
    const { read } = topology({ possible: '0', online: '0', packages: { [-1]: '0' } })
    expect(read.packages).toEqual([])
  })

  it('reads nothing until asked, and nothing twice', () => {
    const fake = fakeRoot()
    fake.cpus(TWO_SOCKETS)
    const root = new CountingRoot(fake.folder)
    const read = readTopology(root)
    expect(root.reads).toEqual([])
    for (let round = 0; round < 2; round++) void [read.online, read.l3, read.packages, read.nodes]
    expect(new Set(root.reads).size).toBe(root.reads.length)
    expect(root.reads).not.toContain('/sys/devices/system/cpu/possible')
  })

  it('asks one CPU of each L3 cache', () => {
    const fake = fakeRoot()
    fake.cpus(TWO_SOCKETS)
    const root = new CountingRoot(fake.folder)
    void readTopology(root).l3
    const asked = root.reads.filter((path) => path.endsWith('/shared_cpu_list'))
    expect(asked.map((path) => /cpu\d+/.exec(path)?.[0])).toEqual(['cpu0', 'cpu2', 'cpu4'])
  })

  it.each([
    [
      'online',
      '/sys/devices/system/cpu/online',
      '0-x\u001b[31m\n',
      '"0-x\\u001b[31m" is not a CPU',
    ],
    ['possible', '/sys/devices/system/cpu/possible', '3-0\n', '"3-0" is not a CPU list'],
    ['nodes', '/sys/devices/system/node/node1/cpulist', '0-99999\n', '"0-99999" is not a CPU list'],
    ['l3', '/sys/devices/system/cpu/cpu0/cache/index3/id', 'one\n', '"one" is not a whole number'],
    [
      'packages',
      '/sys/devices/system/cpu/cpu4/topology/physical_package_id',
      '\n',
      '"" is not a whole number',
    ],
  ] as const)('refuses a malformed file behind %s, naming it', (member, path, content, why) => {
    const { fake, read } = topology(TWO_SOCKETS)
    fake.file(path, content)
    const wanted = { code: 'refused', message: expect.stringContaining(why) }
    expect(() => read[member]).toThrow(expect.objectContaining(wanted))
    expect(() => read[member]).toThrow(`Cannot read ${path}: `)
  })

  it('refuses a host that does not say which CPUs are online', () => {
    const path = '/sys/devices/system/cpu/online'
    const read = readTopology(new Root(fakeRoot().folder))
    expect(() => read.online).toThrow(`Cannot read ${path}: ENOENT, no such file`)
  })

  it('reads this machine', () => {
    const { possible, online, nodes, l3, packages } = readTopology(new Root())
    expect(online.length).toBeGreaterThan(0)
    expect(possible).toEqual(expect.arrayContaining([...online]))
    for (const { cpus } of [...nodes, ...l3, ...packages]) {
      expect(online).toEqual(expect.arrayContaining([...cpus]))
    }
  })
})
