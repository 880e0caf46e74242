import { formatNumberList } from '../args/cpu-list.ts'
import type { MemoryType } from '../args/entry.ts'
import type { Assignment } from '../topology/assignments.ts'

/** Consecutive indexes of one memory type. */
interface Group {
  readonly index: number
  readonly memoryType: MemoryType
  readonly cpus: (number | null)[]
}

/**
 * Writes assignments as ENTRYs, few and short ones: one CPU for all where neighbours have the same, patterns such as `0-63:1/4` where
 * CPUs take turns, else lists.
 *
 * @param assignments in index order
 */
export function entryTexts(assignments: readonly Assignment[]): string[] {
  return joinSingles(sameCpu(assignments)).flatMap(groupTexts)
}

/** Neighbours with the same CPU. */
function sameCpu(assignments: readonly Assignment[]): Group[] {
  const groups: Group[] = []
  for (const { index, cpu, memoryType } of assignments) {
    const last = groups.at(-1)
    const isSame =
      last !== undefined && follows(last, { index, memoryType }) && last.cpus[0] === cpu
    if (isSame) last.cpus.push(cpu)
    else groups.push({ index, memoryType, cpus: [cpu] })
  }
  return groups
}

/** Neighbours that are alone with their CPUs, as one list. */
function joinSingles(groups: readonly Group[]): Group[] {
  const joined: Group[] = []
  let isOpen = false
  for (const group of groups) {
    const last = joined.at(-1)
    const isSingle = group.cpus.length === 1 && group.cpus[0] !== null
    if (isSingle && isOpen && last !== undefined && follows(last, group))
      last.cpus.push(...group.cpus)
    else joined.push({ ...group, cpus: [...group.cpus] })
    isOpen = isSingle
  }
  return joined
}

function follows(last: Group, { index, memoryType }: Pick<Group, 'index' | 'memoryType'>): boolean {
  return last.index + last.cpus.length === index && last.memoryType === memoryType
}

/** ENTRYs of a group: one, or where its CPUs repeat one for each of those that take turns. */
function groupTexts({ index, memoryType, cpus }: Group): string[] {
  const last = index + cpus.length - 1
  const end = memoryType === 'pm' ? '@pm' : ''
  const turn = turnLength(cpus)
  if (turn > 1 && 2 * turn <= cpus.length) {
    return cpus.slice(0, turn).map((cpu, i) => `${index + i}-${last}:1/${turn}=${cpu}${end}`)
  }
  const indexes = last === index ? `${index}` : `${index}-${last}`
  const [first = null] = cpus
  if (first === null) return [`${indexes}=none`]
  const list = formatNumberList(turn === 1 ? [first] : cpus.flatMap((cpu) => cpu ?? []))
  return [`${indexes}=${list}${end}`]
}

/** After how many CPUs the same come again; their number when they never do. */
function turnLength(cpus: readonly (number | null)[]): number {
  const repeatsAfter = (turn: number) => cpus.every((cpu, i) => i < turn || cpu === cpus[i - turn])
  for (let turn = 1; turn < cpus.length; turn++) if (repeatsAfter(turn)) return turn
  return cpus.length
}
