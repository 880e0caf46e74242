import { describe, expect, it } from 'vitest'
import { NotFoundError, UnsupportedError, UsageError } from '../../src/errors.ts'
import { type PlanPolicy, planTable } from '../../src/tph/plan-table.ts'
import { count } from '../topology/machine.ts'
import { coded } from './scripted-commands.ts'
import { DS_WITHOUT_TABLE, ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const LOCAL: PlanPolicy = { kind: 'local' }
const IRQS: PlanPolicy = { kind: 'irqs' }

const plan = ({ host }: Rig, policy: PlanPolicy = LOCAL, word = '--word') =>
  planTable(host, BDF, policy, 'vm', word)

const cpusOf = (rig: Rig, policy: PlanPolicy) => plan(rig, policy).entries.map(({ cpu }) => cpu)

describe('planTable()', () => {
  it('covers the whole table, and opens no device', () => {
    const rig = rigOf()
    expect(plan(rig).entries).toEqual(
      count(0, 64).map((index) => ({ index, cpu: index % 8, memoryType: 'vm', irq: null })),
    )
    expect([rig.device.opens, rig.backend.locked, rig.told]).toEqual([0, 0, []])
  })

  it.each<[PlanPolicy, string, number[]]>([
    [{ kind: 'list', cpus: [9, 9, 0] }, '9,9,0', [9, 9, 0]],
    [{ kind: 'node', node: 1 }, 'node:1', count(8, 8)],
    [{ kind: 'l3', l3: 3 }, 'l3:3', [12, 13, 14, 15]],
    [LOCAL, 'local', count(0, 8)],
  ])('plans by %j', (policy, text, turn) => {
    const rig = rigOf()
    expect(plan(rig, policy).policy).toBe(text)
    expect(cpusOf(rig, policy)).toEqual(count(0, 64).map((index) => turn[index % turn.length]))
  })

  it.each<[string, PlanPolicy, RegExp]>([
    ['an offline CPU', { kind: 'list', cpus: [0, 16] }, /"--word": CPU 16 is offline/],
    ['a node that is not there', { kind: 'node', node: 7 }, /NUMA node 7 does not exist/],
    ['a node whose CPUs are all offline', { kind: 'node', node: 2 }, /CPUs are offline \(16-17\)/],
    ['a node without a CPU', { kind: 'node', node: 3 }, /it has no CPU/],
    ['an L3 domain that is not there', { kind: 'l3', l3: 9 }, /L3 domain 9 does not exist/],
  ])('rejects %s', (_, policy, message) => {
    expect(() => plan(rigOf(), policy)).toThrow(UsageError)
    expect(() => plan(rigOf(), policy)).toThrow(message)
    expect(() => plan(rigOf(), policy)).toThrow(expect.objectContaining({ device: BDF }))
  })

  it('says which CPUs a small table leaves without an entry', () => {
    const rig = rigOf([new ScriptedDevice(BDF, 0x00010307)])
    expect(cpusOf(rig, { kind: 'list', cpus: [3, 4, 5, 3, 9] })).toEqual([3, 4])
    expect(rig.told).toEqual([`${BDF}: no entry is left for CPU 5,9: the table has only 2`])
  })

  it('refuses a device that is not there, one without TPH, and one without a table', () => {
    expect(() => planTable(rigOf().host, '0000:99:00.0', LOCAL, 'vm', '')).toThrow(NotFoundError)
    expect(() => plan(rigOf([new ScriptedDevice(BDF, 0)]))).toThrow(coded('unsupported'))
    const act = () => plan(rigOf([new ScriptedDevice(BDF, DS_WITHOUT_TABLE)]))
    expect(act).toThrow(UnsupportedError)
    expect(act).toThrow(expect.objectContaining({ hint: expect.stringContaining('tphctl tag') }))
  })

  it('borrows nothing to see a config space that sysfs does not show', () => {
    const rig = rigOf()
    const [fn] = rig.backend.functions()
    const blind = {
      ...fn,
      config: { bytes: rig.device.config.slice(0, 64), missing: 'not-readable' },
    }
    rig.backend.find = () => blind as ReturnType<typeof rig.backend.find>
    expect(() => plan(rig)).toThrow(coded('permission'))
    expect(rig.device.opens).toBe(0)
  })
})

describe('planTable() by interrupts', () => {
  it('plans only the entries that have one', () => {
    const rig = rigOf()
    rig.backend.irqs = [
      { irq: 50, vector: 1, cpus: [4] },
      { irq: 51, vector: 0, cpus: [9] },
    ]
    expect(plan(rig, IRQS)).toEqual({
      device: BDF,
      policy: 'follow-irqs',
      entries: [
        { index: 0, cpu: 9, memoryType: 'vm', irq: 51 },
        { index: 1, cpu: 4, memoryType: 'vm', irq: 50 },
      ],
    })
    expect(rig.told).toEqual([])
  })

  it('tells what is doubtful, which --strict does not take', () => {
    const irqs = [
      { irq: 50, vector: null, cpus: [4, 5] },
      { irq: 51, vector: null, cpus: [] },
    ]
    const rig = rigOf()
    rig.backend.irqs = irqs
    plan(rig, IRQS)
    expect(rig.told).toEqual([
      `${BDF}: its interrupts do not say their vectors: the lowest number is taken for vector 0`,
      `${BDF}: the interrupts of vectors 0 may go to several CPUs: the first is taken`,
      `${BDF}: no online CPU is known for the interrupts of vectors 1: left out`,
    ])
    const strict = rigOf([new ScriptedDevice(BDF)], { strict: true })
    strict.backend.irqs = irqs
    expect(() => plan(strict, IRQS)).toThrow(UsageError)
  })

  it('says which vectors have no entry', () => {
    const rig = rigOf()
    rig.backend.irqs = count(0, 66).map((vector) => ({ irq: 50 + vector, vector, cpus: [0] }))
    expect(plan(rig, IRQS).entries).toHaveLength(64)
    expect(rig.told).toEqual([`${BDF}: no entry for vectors 64-65 in the table`])
  })

  it.each([
    ['the device has none', [], 'no MSI or MSI-X interrupts now'],
    ['none goes anywhere', [{ irq: 9, vector: null, cpus: [] }], 'none of its 1 interrupts'],
  ])('refuses when %s', (_, irqs, why) => {
    const rig = rigOf()
    rig.backend.irqs = irqs
    expect(() => plan(rig, IRQS)).toThrow(UnsupportedError)
    expect(() => plan(rig, IRQS)).toThrow(why)
  })
})
