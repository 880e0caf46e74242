import assert from 'node:assert/strict'
import { closeSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Interrupt } from '../../../src/topology/interrupt.ts'
import type { PlanResult } from '../../../src/tph/plan-results.ts'
import type { GetResult } from '../../../src/tph/results.ts'
import { allocateVector, allocateVectors, freeVectors } from '../../contract/irqs.ts'
import type { Borrowed } from '../../contract/world.ts'
import { eventfd } from './guarded-memory.ts'
import { Holder } from './holder.ts'
import { backend, NIC, onBorrowed, openHere } from './nic.ts'
import { answer, fail, lines, succeed } from './program.ts'

const { capability, msix } = NIC

/** The NVMe controller, whose interrupts can be moved; those of the emulated functions cannot. */
const NVME = '0000:01:00.0'

/** The vectors that get a handler, in the order they get it. */
const HANDLED = [9, 1, 2]

const eventfds: number[] = []

/** Allocates vectors 0 to 3, and gives some of them and a later one a handler. */
function handleVectors(dev: Borrowed): void {
  allocateVectors(dev, 4)
  for (const vector of HANDLED) {
    const fd = eventfd()
    eventfds.push(fd)
    allocateVector(dev, vector, fd)
  }
}

/** The interrupts that have a handler, by their vectors. */
function handled(bdf: string): Interrupt[] {
  const all = backend().interrupts(bdf)
  return all
    .filter(({ vector }) => vector !== null)
    .sort((a, b) => Number(a.vector) - Number(b.vector))
}

after(() => {
  for (const fd of eventfds) closeSync(fd)
})

describe('the interrupts of a function', () => {
  it('have the vectors that their handlers are named after, and the CPU they were moved to', () => {
    const opened = openHere(NVME, 'cdev')
    const { device } = opened
    try {
      assert.deepEqual(backend().interrupts(NVME), [])
      handleVectors({ device, ioctlAtEdge: device.ioctl.bind(device) })
      const before = handled(NVME)
      assert.deepEqual(
        before.map(({ vector }) => vector),
        [1, 2, 9],
      )
      for (const { cpus } of before) assert.equal(cpus.length, 1)
      for (const cpu of [3, 0]) {
        for (const { irq } of before) writeFileSync(`/proc/irq/${irq}/smp_affinity_list`, `${cpu}`)
        assert.deepEqual(
          handled(NVME).map(({ cpus }) => cpus),
          before.map(() => [cpu]),
        )
      }
    } finally {
      opened.close()
    }
    assert.deepEqual(backend().interrupts(NVME), [])
  })
})

describe('plan', () => {
  let holder: Holder

  before(async () => {
    holder = await Holder.start(`${capability} ${msix}`)
  })

  it('what it prints is what set sets', async () => {
    const planned = await lines(`plan ${capability} --cpus 3,0,1`)
    await succeed(`set ${capability} -`, { stdin: planned.join('\n') })
    const { entries } = await answer<GetResult>(`get ${capability}`)
    assert.deepEqual(
      entries.map(({ cpu }) => cpu),
      Array.from({ length: 64 }, (_, i) => [3, 0, 1][i % 3]),
    )
  })

  it('follows no interrupt where none is allocated', async () => {
    const { message } = await fail(3, `plan ${msix} --follow-irqs`)
    assert.match(message, /no MSI or MSI-X interrupts now/)
  })

  it('follows the interrupts that have a handler', async () => {
    onBorrowed(msix, handleVectors)
    const { entries } = await answer<PlanResult>(`plan ${msix} --follow-irqs`)
    assert.deepEqual(
      entries.map(({ index, irq, cpu }) => ({ vector: index, irq, cpu })),
      handled(msix).map(({ vector, irq, cpus }) => ({ vector, irq, cpu: cpus[0] })),
    )
    assert.equal(entries.length, HANDLED.length)
    onBorrowed(msix, freeVectors)
  })

  after(() => holder?.end())
})
