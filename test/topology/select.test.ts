import { describe, expect, it } from 'vitest'
import { parseCpuSelector } from '../../src/args/entry.ts'
import { selectCpus } from '../../src/topology/select.ts'
import type { DeviceLocality } from '../../src/topology/topology.ts'
import { usageMessage } from '../args/usage-error.ts'
import { count, machine, nearNode1, nowhere } from './machine.ts'

function select(cpus: string, locality: DeviceLocality = nearNode1): number[] {
  const selector = parseCpuSelector(cpus)
  if (selector.kind === 'none') throw new Error('not for this test')
  return selectCpus(selector, machine, locality, `0=${cpus}`)
}

describe('selectCpus', () => {
  it.each([
    ['3,1,1', [3, 1, 1]],
    ['0-15', count(0, 16)],
    ['node:0', count(0, 8)],
    ['node:1', count(8, 8)],
    ['l3:2', [8, 9, 10, 11]],
    ['local', count(8, 8)],
  ])('selectCpus of %s', (cpus, expected) => {
    expect(select(cpus)).toEqual(expected)
  })

  it.each([
    ['99', 'CPU 99 does not exist; possible CPUs are 0-19'],
    ['0,17,99', 'CPU 17 is offline; online CPUs are 0-15'],
    ['node:9', 'NUMA node 9 does not exist; known are 0-3'],
    ['l3:4', 'L3 domain 4 does not exist; known are 0-3'],
    ['node:2', 'all its CPUs are offline (16-17)'],
    ['node:3', 'it has no CPU'],
  ])('selectCpus of %s says what is not there', (cpus, why) => {
    expect(usageMessage(() => select(cpus))).toBe(`Cannot use "0=${cpus}": ${why}`)
  })

  it('selectCpus of local fails where the local CPUs are not known', () => {
    expect(usageMessage(() => select('local', nowhere))).toBe(
      'Cannot use "0=local": the device\'s local CPUs are not known',
    )
  })

  it('selectCpus of an L3 domain fails where none is known', () => {
    const bare = { ...machine, l3: [] }
    expect(usageMessage(() => selectCpus({ kind: 'l3', l3: 0 }, bare, nearNode1, '0=l3:0'))).toBe(
      'Cannot use "0=l3:0": L3 domain 0 does not exist; none are known',
    )
  })

  it('selectCpus gives each local CPU once, ascending, and its own array', () => {
    const locality = { localCpus: [9, 8, 9, 17], numaNode: 1 }
    expect(select('local', locality)).toEqual([8, 9])
    const list = [1, 2]
    expect(selectCpus({ kind: 'list', cpus: list }, machine, nowhere, 'x')).not.toBe(list)
  })
})
