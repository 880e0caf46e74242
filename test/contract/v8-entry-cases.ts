import { assertResult } from './bytes.ts'
import { assertControl, assertTable, IV, msixTags } from './config.ts'
import { assertSameTags, impossibleCpu, resetDevice } from './feature.ts'
import { allocateVectors, freeVectors } from './irqs.ts'
import {
  assertSt,
  DISABLE,
  ENABLE_DS,
  ENABLE_IV,
  getSt,
  mustCall,
  mustSetSt,
  on,
  setSt,
} from './v8.ts'
import type { Borrowed, ContractCase, World } from './world.ts'

/** SET_ST and GET_ST. */
export const v8EntryCases: readonly ContractCase[] = [
  onTable('takes both memory types, holes and any order in one call', (dev, table) => {
    mustSetSt(dev, ['5=2', '0=0', '1=1@pm', '63=3'])
    table(0, '0001 0102 0000 0000 0000 0201 0000')
    table(62, '0000 0301')
  }),
  onTable('is cleared by CPU 0xffffffff', (dev, table) => {
    mustSetSt(dev, ['0=0', '1=1', '2=2'])
    mustSetSt(dev, ['1=none', '2=3'])
    table(0, '0001 0000 0301')
  }),
  onTable('has of an index given twice the last', (dev, table) => {
    mustSetSt(dev, ['4=0', '4=1'])
    table(4, '0101')
  }),
  onTable('keeps its tags while TPH is off', (dev, table) => {
    mustSetSt(dev, ['0=0', '1=1'])
    mustCall(dev, DISABLE)
    table(0, '0001 0101')
    mustCall(dev, ENABLE_DS)
    table(0, '0001 0101')
  }),
  onTable('is empty after a reset', (dev, table) => {
    mustSetSt(dev, ['0=0', '1=1'])
    resetDevice(dev)
    table(0, '0000 0000')
    mustCall(dev, ENABLE_IV)
    table(0, '0000 0000')
  }),
  onTable(
    'has 0 where a call that failed had programmed, the rest as it was',
    (dev, table, world) => {
      const beyond = impossibleCpu(world)
      mustSetSt(dev, ['0=0', '1=1', '2=2', '3=3', '8=0'])
      assertResult(
        setSt(dev, ['8=3', '0=3', `1=${beyond}`, '2=3']),
        'EINVAL',
        'SET_ST that fails midway',
      )
      table(0, '0000 0101 0201 0301 0000 0000 0000 0000 0000')
      assertControl(dev, IV)
      assertResult(setSt(dev, [`2=${beyond}`, '3=0']), 'EINVAL', 'SET_ST that fails at once')
      assertResult(setSt(dev, ['3=0', '64=0']), 'EINVAL', 'SET_ST that leaves the table')
      table(0, '0000 0101 0201 0000')
    },
  ),
  onTable('takes as many entries as it has in one call', (dev, table) => {
    mustSetSt(
      dev,
      Array.from({ length: 64 }, (_, i) => `${63 - i}=${i % 4}`),
    )
    table(60, '0301 0201 0101 0001')
  }),
  on('capability', 'GET_ST is for DS mode', (dev) => {
    mustCall(dev, ENABLE_IV)
    assertResult(getSt(dev, ['0=0'])[0], 'EINVAL', 'GET_ST in IV mode')
    mustCall(dev, DISABLE)
    mustCall(dev, ENABLE_DS)
    assertSt(dev, ['0=0', '0=3@pm', '0=1'], [0x100, 0x203, 0x101])
  }),
  on('tableless', 'GET_ST of 8-bit tags', (dev) => {
    mustCall(dev, ENABLE_DS)
    assertSt(dev, ['0=0', '0=1', '0=1@pm', '0=3'], [1, 3, 4, 7])
  }),
  on('tableless', 'GET_ST of CPUs that are none fills in nothing', (dev, world) => {
    mustCall(dev, ENABLE_DS)
    for (const cpu of ['none', `${impossibleCpu(world)}`]) {
      const [result, tags] = getSt(dev, ['0=0', `0=${cpu}`])
      assertResult(result, 'EINVAL', `GET_ST of CPU ${cpu}`)
      assertSameTags(tags, [0, 0], `GET_ST of CPU ${cpu}`)
    }
  }),
  on('tableless', 'SET_ST of a device without a table', (dev) => {
    assertResult(setSt(dev, ['0=0']), 'EOPNOTSUPP', 'SET_ST while off')
    mustCall(dev, ENABLE_DS)
    assertResult(setSt(dev, ['0=0']), 'EOPNOTSUPP', 'SET_ST while on')
  }),
  on('msix', 'the table in MSI-X has tags where vectors are allocated', (dev) => {
    freeVectors(dev)
    mustCall(dev, ENABLE_IV)
    assertResult(setSt(dev, ['0=0']), 'ENXIO', 'SET_ST without vectors')
    allocateVectors(dev, 4)
    mustSetSt(dev, ['0=0', '3=3@pm'])
    assertMsix(dev, [0x100, 0, 0, 0x203, 0, 0])
    assertResult(setSt(dev, ['1=1', '3=3', '4=0', '0=2']), 'ENXIO', 'SET_ST beyond the vectors')
    assertMsix(dev, [0x100, 0, 0, 0, 0, 0])
    assertControl(dev, IV)
  }),
  on('msix', 'tags do not wait for vectors', (dev) => {
    freeVectors(dev)
    allocateVectors(dev, 4)
    mustCall(dev, ENABLE_IV)
    mustSetSt(dev, ['0=0', '1=1'])
    freeVectors(dev)
    allocateVectors(dev, 4)
    assertMsix(dev, [0, 0, 0, 0])
  }),
]

type AssertEntries = (index: number, entries: string) => void

function onTable(
  name: string,
  use: (dev: Borrowed, table: AssertEntries, world: World) => void,
): ContractCase {
  return on('capability', `the table ${name}`, (dev, world) => {
    mustCall(dev, ENABLE_IV)
    const table: AssertEntries = (index, entries) =>
      assertTable(world, 'capability', dev, index, entries.replaceAll(' ', ''))
    use(dev, table, world)
  })
}

function assertMsix(dev: Borrowed, expected: readonly number[]): void {
  assertSameTags(msixTags(dev, expected.length), expected, 'MSI-X table')
}
