import { describe, expect, it } from 'vitest'
import { readInterrupts } from '../../../src/backend/linux/interrupts.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import { type FakeRoot, fakeRoot, pciFolder } from './fake-root.ts'
import { tphConfig } from './linux-configs.ts'

const BDF = '0000:81:00.0'

interface FakeIrq {
  readonly handler?: string
  readonly effective?: string
  readonly allowed?: string
}

function hostWith(irqs: Readonly<Record<number, FakeIrq>>): { fake: FakeRoot; root: Root } {
  const fake = fakeRoot()
  fake.pciFunction({ bdf: BDF, vendor: 0x8086, device: 0x159b, config: tphConfig() })
  for (const [irq, { handler, effective, allowed }] of Object.entries(irqs)) {
    fake.file(`${pciFolder([BDF])}/msi_irqs/${irq}`, 'msix\n')
    if (handler !== undefined) fake.directory(`/proc/irq/${irq}/${handler}`)
    fake.files(`/proc/irq/${irq}`, {
      effective_affinity_list: effective === undefined ? undefined : `${effective}\n`,
      smp_affinity_list: allowed === undefined ? undefined : `${allowed}\n`,
    })
  }
  return { fake, root: new Root(fake.folder) }
}

const read = (irqs: Readonly<Record<number, FakeIrq>>) => readInterrupts(hostWith(irqs).root, BDF)

describe('readInterrupts()', () => {
  it("reads vectors from the names of vfio's handlers, in the order of the interrupts' numbers", () => {
    expect(
      read({
        104: { handler: `vfio-msix[0](${BDF})`, effective: '5', allowed: '0-15' },
        99: { handler: `vfio-msix[12](${BDF})`, effective: '3', allowed: '0-15' },
        1000: { handler: `vfio-msi[1](${BDF})`, effective: '0', allowed: '0' },
      }),
    ).toEqual([
      { irq: 99, vector: 12, cpus: [3] },
      { irq: 104, vector: 0, cpus: [5] },
      { irq: 1000, vector: 1, cpus: [0] },
    ])
  })

  it('takes the allowed CPUs where the effective one is not there or not yet known', () => {
    expect(read({ 30: { allowed: '2-3' }, 31: { effective: '', allowed: '4' } })).toEqual([
      { irq: 30, vector: null, cpus: [2, 3] },
      { irq: 31, vector: null, cpus: [4] },
    ])
  })

  it('knows no vector and no CPU of an interrupt without a handler', () => {
    expect(read({ 30: {} })).toEqual([{ irq: 30, vector: null, cpus: [] }])
  })

  it.each(['vfio-msix[0](0000:82:00.0)', 'mlx5_comp0@pci:0000:81:00.0', 'vfio-intx(0000:81:00.0)'])(
    'knows no vector of the handler %s',
    (handler) => {
      expect(read({ 30: { handler, effective: '1' } })).toEqual([
        { irq: 30, vector: null, cpus: [1] },
      ])
    },
  )

  it('finds none on a function that uses none, or that is not there', () => {
    expect(read({})).toEqual([])
    expect(readInterrupts(hostWith({}).root, '0000:99:00.0')).toEqual([])
  })

  it('names the file that holds no CPU list', () => {
    expect(() => read({ 30: { effective: 'all' } })).toThrow(
      'Cannot read /proc/irq/30/effective_affinity_list: "all" is not a CPU list',
    )
  })
})
