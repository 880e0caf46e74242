import { assertControl, assertTable, control, DS, DS_8_BIT, IV, NO_ST, OFF } from './config.ts'
import { assertTags, CPUS, mustSet, NONE, onDevice, resetDevice } from './feature.ts'
import type { Borrowed, ContractCase, World } from './world.ts'

/** When the table in the capability has the tags. */
export const tableCases: readonly ContractCase[] = [
  onTable('has none by a SET while TPH is off', (dev, table) => {
    mustSet(dev, 0, CPUS)
    table(0, '0000 0000 0000 0000')
  }),
  onTable('has those kept once TPH is on', (dev, table) => {
    mustSet(dev, 1, CPUS)
    mustSet(dev, 60, CPUS, 'pm')
    control(dev, IV)
    table(0, '0000 0001 0101 0201 0301 0000')
    table(59, '0000 0002 0102 0202 0302')
  }),
  onTable('has those kept once TPH is on in DS mode', (dev, table) => {
    mustSet(dev, 0, CPUS)
    control(dev, DS)
    table(0, '0001 0101 0201 0301 0000')
  }),
  onTable('has those of a SET while TPH is on, TPH stays on', (dev, table) => {
    control(dev, IV)
    mustSet(dev, 2, [3, 2])
    mustSet(dev, 3, [1], 'pm')
    assertControl(dev, IV)
    table(0, '0000 0000 0301 0102 0000')
    assertTags(dev, 0, [0, 0, 0x103, 0x201, 0])
  }),
  onTable('loses those that are cleared while TPH is on', (dev, table) => {
    mustSet(dev, 0, CPUS)
    control(dev, IV)
    mustSet(dev, 1, [NONE, NONE])
    table(0, '0001 0000 0000 0301')
    assertTags(dev, 0, [0x100, 0, 0, 0x103])
  }),
  onTable('keeps them when TPH goes off, and GET too', (dev, table) => {
    mustSet(dev, 0, CPUS)
    control(dev, IV)
    control(dev, OFF)
    table(0, '0001 0101 0201 0301')
    assertTags(dev, 0, [0x100, 0x101, 0x102, 0x103])
  }),
  onTable('has what was set meanwhile once TPH is on again', (dev, table) => {
    mustSet(dev, 0, CPUS)
    control(dev, IV)
    control(dev, OFF)
    mustSet(dev, 0, [3, NONE], 'pm')
    table(0, '0001 0101 0201 0301')
    control(dev, DS)
    table(0, '0302 0000 0201 0301')
  }),
  onTable('is left alone in no ST mode', (dev, table) => {
    mustSet(dev, 0, [1, 2])
    control(dev, NO_ST)
    mustSet(dev, 2, [3])
    table(0, '0000 0000 0000')
    assertTags(dev, 0, [0x101, 0x102, 0x103])
    control(dev, DS)
    table(0, '0101 0201 0301')
  }),
  onTable('has them through a change of mode', (dev, table) => {
    mustSet(dev, 0, CPUS)
    control(dev, IV)
    control(dev, DS)
    table(0, '0001 0101 0201 0301')
    mustSet(dev, 0, [2])
    table(0, '0201 0101 0201 0301')
  }),
  onTable('has all 64', (dev, table) => {
    const cpus = Array.from({ length: 64 }, (_, i) => i % 4)
    mustSet(dev, 0, cpus)
    control(dev, IV)
    table(0, '0001010102010301'.repeat(16))
  }),
  onTable('has them again after a reset and the next enable', (dev, table) => {
    mustSet(dev, 0, CPUS)
    control(dev, IV)
    resetDevice(dev)
    assertControl(dev, OFF)
    assertTags(dev, 0, [0x100, 0x101, 0x102, 0x103])
    mustSet(dev, 1, [3, NONE])
    assertControl(dev, OFF)
    control(dev, IV)
    assertControl(dev, IV)
    table(0, '0001 0301 0000 0301')
  }),
  {
    name: 'a reset while TPH is off keeps the tags and no mode',
    roles: ['tableless'],
    run: (world) =>
      onDevice(world, 'tableless', (dev) => {
        mustSet(dev, 2047, [3])
        control(dev, '02000000')
        assertControl(dev, '02000000')
        resetDevice(dev)
        assertControl(dev, OFF)
        assertTags(dev, 2046, [0, 7])
      }),
  },
  {
    name: 'without a table TPH goes on and tags are kept all the same',
    roles: ['tableless'],
    run: (world) =>
      onDevice(world, 'tableless', (dev) => {
        mustSet(dev, 0, CPUS)
        control(dev, DS_8_BIT)
        mustSet(dev, 2044, CPUS, 'pm')
        assertControl(dev, DS_8_BIT)
        assertTags(dev, 0, [1, 3, 5, 7, 0])
        assertTags(dev, 2044, [2, 4, 6, 8])
      }),
  },
]

type AssertEntries = (index: number, entries: string) => void

function onTable(
  name: string,
  use: (dev: Borrowed, assertEntries: AssertEntries) => void,
): ContractCase {
  const run = (world: World) =>
    onDevice(world, 'capability', (dev) => {
      use(dev, (index, entries) => {
        assertTable(world, 'capability', dev, index, entries.replaceAll(' ', ''))
      })
    })
  return { name: `the table ${name}`, roles: ['capability'], run }
}
