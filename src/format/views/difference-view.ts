import { formatCpus } from '../../args/cpu-list.ts'
import type { MemoryType } from '../../args/entry.ts'
import type { DeviceDifference, DifferenceResult, EntryDifference } from '../../desired/results.ts'
import { tagText } from '../../tph/check-tags.ts'
import { view } from '../view.ts'
import { controlText } from './control-text.ts'

/** A run of entries that differ in the same way, or the mode. */
interface DifferenceRow {
  readonly device: string
  readonly what: string
  readonly present: string
  readonly desired: string
}

/** How much of a list of CPUs a table shows. */
const SHOWN = 24

/** How `apply --diff` looks. */
export const differenceView = view<DifferenceResult, DifferenceRow>({
  items: ({ devices }) => devices,
  rows: ({ devices }) => devices.flatMap(deviceRows),
  columns: [
    { title: 'device', cell: ({ device }) => device },
    { title: 'entries', cell: ({ what }) => what },
    { title: 'present', cell: ({ present }) => present, limit: SHOWN, tone: () => 'bad' },
    { title: 'desired', cell: ({ desired }) => desired, limit: SHOWN, tone: () => 'good' },
  ],
})

function deviceRows({ device, entries, mode }: DeviceDifference): DifferenceRow[] {
  const rows = groups(entries).map((group) => ({
    device,
    what: rangeText(group),
    present: presentText(group),
    desired: cpusText(group.map(({ desired }) => desired)),
  }))
  if (mode === null) return rows
  const { present, desired } = mode
  return [...rows, { device, what: 'mode', present: controlText(present), desired }]
}

/** Consecutive entries that differ in the same way. */
function groups(entries: readonly EntryDifference[]): EntryDifference[][] {
  const found: EntryDifference[][] = []
  for (const entry of entries) {
    const group = found.at(-1)
    const last = group?.at(-1)
    const continues = last !== undefined && last.index + 1 === entry.index
    if (continues && kindOf(last) === kindOf(entry)) group?.push(entry)
    else found.push([entry])
  }
  return found
}

function kindOf({ present, desired }: EntryDifference): string {
  const now = present.st === 0 ? 'clear' : (present.memoryType ?? `tag ${present.st}`)
  return `${now} ${desired.cpu === null ? 'clear' : desired.memoryType}`
}

function rangeText(group: readonly EntryDifference[]): string {
  const [first, last] = [group[0]?.index, group.at(-1)?.index]
  return first === last ? `${first}` : `${first}-${last}`
}

function presentText(group: readonly EntryDifference[]): string {
  const { st = 0, cpu = null } = group[0]?.present ?? {}
  if (st !== 0 && cpu === null) return `tag ${tagText(st)}`
  return cpusText(group.map(({ present }) => present))
}

/** CPUs as an ENTRY has them; one CPU for all once. */
function cpusText(
  all: readonly { readonly cpu: number | null; readonly memoryType: MemoryType | null }[],
): string {
  const [first] = all
  const cpus = all.map(({ cpu }) => cpu)
  const isOne = cpus.every((cpu) => cpu === first?.cpu)
  const list = formatCpus(isOne ? cpus.slice(0, 1) : cpus)
  return first?.memoryType === 'pm' && first.cpu !== null ? `${list}@pm` : list
}
