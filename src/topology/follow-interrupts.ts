import type { Interrupt } from './interrupt.ts'

/** An ST entry and the interrupt it follows. */
export interface Followed {
  readonly index: number
  readonly cpu: number
  readonly irq: number
}

/** The entries that follow interrupts, and what is doubtful about them. */
export interface Following {
  /** In index order. */
  readonly followed: readonly Followed[]
  /** Whether no vector is named, so that the order of the interrupts' numbers was taken for that of the vectors. */
  readonly isOrderAssumed: boolean
  /** Of those followed, the indexes whose interrupt may go to several CPUs that are online: the first was taken. */
  readonly ambiguous: readonly number[]
  /** Indexes left out because no CPU that is online is known for their interrupt. */
  readonly nowhere: readonly number[]
  /** Vectors left out because the table has no entry for them. */
  readonly beyond: readonly number[]
}

/**
 * Gives entry N the CPU that the interrupt of vector N goes to. Where vectors are named, interrupts without one have no handler
 * and are left out; where none is, the lowest number is taken for vector 0, as they are for vectors that were allocated at once.
 *
 * @param entries how many the table has
 */
export function followInterrupts(
  interrupts: readonly Interrupt[],
  entries: number,
  online: readonly number[],
): Following {
  const running = new Set(online)
  const named = interrupts.filter(({ vector }) => vector !== null)
  const isOrderAssumed = named.length === 0 && interrupts.length > 0
  const ordered = (isOrderAssumed ? interrupts : named)
    .toSorted((a, b) => a.irq - b.irq)
    .map(({ irq, vector, cpus }, at) => ({ irq, index: vector ?? at, cpus: among(cpus, running) }))
    .sort((a, b) => a.index - b.index)
  const inTable = ordered.filter(({ index }) => index < entries)
  return {
    followed: inTable.flatMap(({ index, cpus: [cpu], irq }) =>
      cpu === undefined ? [] : [{ index, cpu, irq }],
    ),
    isOrderAssumed,
    ambiguous: indexesOf(inTable.filter(({ cpus }) => cpus.length > 1)),
    nowhere: indexesOf(inTable.filter(({ cpus }) => cpus.length === 0)),
    beyond: indexesOf(ordered.filter(({ index }) => index >= entries)),
  }
}

function among(cpus: readonly number[], running: ReadonlySet<number>): number[] {
  return cpus.filter((cpu) => running.has(cpu))
}

function indexesOf(entries: readonly { readonly index: number }[]): number[] {
  return entries.map(({ index }) => index)
}
