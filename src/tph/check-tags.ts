import { formatNumberList } from '../args/cpu-list.ts'
import type { Assignment } from '../topology/assignments.ts'
import type { RunInfo } from './results.ts'

/**
 * Compares tags with what can be known of them: a cleared entry has none, a CPU has one tag for each memory type, and
 * without extended TPH a tag has 8 bits.
 *
 * @param runs in index order
 * @param tags those that GET gives for their entries, in that order
 * @param extended whether the device can do extended TPH
 * @returns what is wrong with the first entry that differs; null when none does
 */
export function findMismatch(
  runs: readonly RunInfo[],
  tags: readonly number[],
  extended: boolean,
): { readonly entry: Assignment; readonly message: string } | null {
  const tagOf = { vm: new Map<number, number>(), pm: new Map<number, number>() }
  let at = 0
  for (const { index, memoryType, cpus } of runs) {
    for (let i = 0; i < cpus.length; i++) {
      const cpu = cpus[i] ?? null
      const message = mismatch(cpu, tags[at++] ?? 0, extended, tagOf[memoryType])
      if (message !== null) return { entry: { index: index + i, cpu, memoryType }, message }
    }
  }
  return null
}

function mismatch(
  cpu: number | null,
  st: number,
  extended: boolean,
  tagOf: Map<number, number>,
): string | null {
  if (cpu === null) return st === 0 ? null : `reads back ${tagText(st)} after it was cleared`
  if (!extended && st > 0xff)
    return `reads back ${tagText(st)}, too wide for a device with 8-bit tags`
  const other = tagOf.get(cpu)
  if (other === st) return null
  tagOf.set(cpu, st)
  if (other === undefined) return null
  return `reads back ${tagText(st)} for CPU ${cpu}, another entry ${tagText(other)}`
}

/**
 * What is suspicious about tags without being wrong, a sentence each.
 *
 * @param runs with the CPUs of entries; null where one was cleared
 * @param tags those of the entries, in their order
 */
export function tagWarnings(
  runs: readonly Pick<RunInfo, 'cpus'>[],
  tags: readonly number[],
): string[] {
  const cpusOf = new Map<number, Set<number>>()
  let at = 0
  for (const { cpus } of runs) {
    for (let i = 0; i < cpus.length; i++, at++) {
      const cpu = cpus[i] ?? null
      if (cpu !== null) setOf(cpusOf, tags[at] ?? 0).add(cpu)
    }
  }
  return [...cpusOf].flatMap(([st, cpus]) => {
    const list = formatNumberList([...cpus].sort((a, b) => a - b))
    if (st === 0) return [`tag 0 for CPU ${list}: the firmware has no steering tag for it`]
    return cpus.size > 1
      ? [`CPUs ${list} share tag ${tagText(st)}: steering cannot tell them apart`]
      : []
  })
}

function setOf(cpusOf: Map<number, Set<number>>, st: number): Set<number> {
  const known = cpusOf.get(st)
  if (known !== undefined) return known
  const made = new Set<number>()
  cpusOf.set(st, made)
  return made
}

/** A steering tag as it is written everywhere: four hex digits. */
export function tagText(st: number): string {
  return `0x${st.toString(16).padStart(4, '0')}`
}
