import { assertControl, assertTable, control, DS, IV, msixTags, OFF } from './config.ts'
import { assertSameTags, assertTags, CPUS, mustSet, onDevice } from './feature.ts'
import { allocateVectors, freeVectors } from './irqs.ts'
import type { ContractCase } from './world.ts'

/** How long tags last. */
export const lifetimeCases: readonly ContractCase[] = [
  {
    name: 'what a borrower set is there for the next one',
    roles: ['capability'],
    run(world) {
      onDevice(world, 'capability', (dev) => {
        mustSet(dev, 0, CPUS)
        control(dev, IV)
      })
      onDevice(world, 'capability', (dev) => {
        assertTags(dev, 0, [0x100, 0x101, 0x102, 0x103])
        assertControl(dev, IV)
      })
    },
  },
  {
    name: 'two borrowers see the same device',
    roles: ['capability'],
    run: (world) =>
      onDevice(world, 'capability', (one) =>
        onDevice(world, 'capability', (other) => {
          mustSet(one, 0, [1])
          mustSet(other, 1, [2])
          control(other, DS)
          assertTags(one, 0, [0x101, 0x102, 0])
          assertControl(one, DS)
        }),
      ),
  },
  {
    name: 'devices have a table each',
    roles: ['capability', 'msix', 'tableless'],
    run(world) {
      onDevice(world, 'capability', (dev) => mustSet(dev, 0, [1]))
      onDevice(world, 'msix', (dev) => mustSet(dev, 0, [2]))
      onDevice(world, 'tableless', (dev) => assertTags(dev, 0, [0]))
      onDevice(world, 'capability', (dev) => assertTags(dev, 0, [0x101]))
      onDevice(world, 'msix', (dev) => assertTags(dev, 0, [0x102]))
    },
  },
  {
    name: 'the last close drops the tags and turns TPH off',
    roles: ['capability'],
    async run(world) {
      onDevice(world, 'capability', (dev) => {
        mustSet(dev, 0, CPUS)
        control(dev, IV)
      })
      await world.reopen('capability')
      onDevice(world, 'capability', (dev) => {
        assertControl(dev, OFF)
        assertTags(dev, 0, [0, 0, 0, 0])
        control(dev, IV)
        assertTable(world, 'capability', dev, 0, '0000000000000000')
      })
    },
  },
  {
    name: 'the last close drops the tags of the MSI-X table',
    roles: ['msix'],
    async run(world) {
      onDevice(world, 'msix', (dev) => {
        freeVectors(dev)
        allocateVectors(dev, 4)
        mustSet(dev, 0, CPUS)
        control(dev, IV)
      })
      await world.reopen('msix')
      onDevice(world, 'msix', (dev) => {
        assertControl(dev, OFF)
        assertTags(dev, 0, [0, 0, 0, 0])
        freeVectors(dev)
        control(dev, IV)
        allocateVectors(dev, 4)
        assertSameTags(msixTags(dev, 4), [0, 0, 0, 0], 'MSI-X table')
      })
    },
  },
  {
    name: 'the last close drops tags that only the kernel keeps',
    roles: ['tableless'],
    async run(world) {
      onDevice(world, 'tableless', (dev) => mustSet(dev, 2044, CPUS))
      await world.reopen('tableless')
      onDevice(world, 'tableless', (dev) => assertTags(dev, 2044, [0, 0, 0, 0]))
    },
  },
]
