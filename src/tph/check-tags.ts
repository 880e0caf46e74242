import { formatNumberList } from '../args/cpu-list.ts'
import type { MemoryType } from '../args/entry.ts'
import type { Assignment } from '../topology/assign.ts'

/**
 * Compares tags with what can be known of them: a cleared entry has none, a CPU has one tag for each memory type, and
 * without extended TPH a tag has 8 bits.
 *
 * @param tags those that GET gives for the entries, in their order
 * @param extended whether the device can do extended TPH
 * @returns what is wrong with the first entry that differs; null when none does
 */
export function findMismatch(
  entries: readonly Assignment[],
  tags: readonly number[],
  extended: boolean,
): { readonly entry: Assignment; readonly message: string } | null {
  const tagOf = { vm: new Map<number, number>(), pm: new Map<number, number>() }
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]
    const message = entry ? mismatch(entry, tags[i] ?? 0, extended, tagOf) : null
    if (entry && message !== null) return { entry, message }
  }
  return null
}

function mismatch(
  { cpu, memoryType }: Assignment,
  st: number,
  extended: boolean,
  tagOf: Readonly<Record<MemoryType, Map<number, number>>>,
): string | null {
  if (cpu === null) return st === 0 ? null : `reads back ${tagText(st)} after it was cleared`
  if (!extended && st > 0xff)
    return `reads back ${tagText(st)}, too wide for a device with 8-bit tags`
  const other = tagOf[memoryType].get(cpu)
  if (other === st) return null
  tagOf[memoryType].set(cpu, st)
  if (other === undefined) return null
  return `reads back ${tagText(st)} for CPU ${cpu}, another entry ${tagText(other)}`
}

/** What is suspicious about tags without being wrong, a sentence each. @param tags those of the entries, in their order */
export function tagWarnings(
  entries: readonly Pick<Assignment, 'cpu'>[],
  tags: readonly number[],
): string[] {
  const cpusOf = new Map<number, Set<number>>()
  for (let i = 0; i < entries.length; i++) {
    const cpu = entries[i]?.cpu ?? null
    if (cpu === null) continue
    const st = tags[i] ?? 0
    const cpus = cpusOf.get(st)
    if (cpus === undefined) cpusOf.set(st, new Set([cpu]))
    else cpus.add(cpu)
  }
  return [...cpusOf].flatMap(([st, cpus]) => {
    const list = formatNumberList([...cpus].sort((a, b) => a - b))
    if (st === 0) return [`tag 0 for CPU ${list}: the firmware has no steering tag for it`]
    return cpus.size > 1
      ? [`CPUs ${list} share tag ${tagText(st)}: steering cannot tell them apart`]
      : []
  })
}

/** A steering tag as it is written everywhere: four hex digits. */
export function tagText(st: number): string {
  return `0x${st.toString(16).padStart(4, '0')}`
}
