import type { Interrupt } from '../../topology/interrupt.ts'
import type { EmulatedFunction } from './emulated-function.ts'
import { isMsixOn } from './kernel-irqs.ts'
import type { Memory } from './memory.ts'
import { MOCK_TOPOLOGY } from './mock-topology.ts'

/** More than any function has vectors, so that no two functions share a number. */
const IRQS_A_FUNCTION = 4096

/**
 * The interrupts of an emulated function: one for each vector that is allocated while MSI-X is on, delivered to the online CPUs
 * in turn. Their numbers are invented: 4096 for vector 0 of the host's first function, and so on.
 *
 * @param position of the function among those of its host, from 0
 */
export function mockInterrupts(
  emulated: EmulatedFunction,
  memory: Memory,
  position: number,
): Interrupt[] {
  if (!isMsixOn(emulated, memory)) return []
  const { online } = MOCK_TOPOLOGY
  return Array.from(memory.vectors).flatMap((isAllocated, vector) => {
    const cpu = online[vector % online.length]
    if (isAllocated === 0 || cpu === undefined) return []
    return [{ irq: IRQS_A_FUNCTION * (position + 1) + vector, vector, cpus: [cpu] }]
  })
}
