import { expect, it } from 'vitest'
import { remoteCpus } from '../../src/topology/distance.ts'
import { machine, nearNode1, nowhere } from './machine.ts'

it.each([
  ['CPUs of another package, in order', [9, 3, 8, 1], [3, 1]],
  ['none for local CPUs', [8, 15], []],
  ['none for a CPU of no known package', [17], []],
])('remoteCpus: %s', (_, cpus, remote) => {
  expect(remoteCpus(cpus, machine, nearNode1)).toEqual(remote)
})

it('remoteCpus counts a package as near when any of its CPUs is local', () => {
  expect(remoteCpus([0, 3, 9], machine, { localCpus: [1], numaNode: 0 })).toEqual([9])
})

it('remoteCpus is empty where the locality is not known', () => {
  expect(remoteCpus([0, 9], machine, nowhere)).toEqual([])
})
