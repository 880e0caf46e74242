import { formatNumberList, parseIndexList } from '../../args/cpu-list.ts'
import { formatPatterns } from '../../args/format-patterns.ts'
import type { MapCpu, MapL3, MapNode } from '../../tph/map-results.ts'
import type { Piece } from '../flow.ts'
import type { Tone } from '../style.ts'

/** A row of the picture: one level 3 cache to which entries lead, or several to which none does. */
export interface CacheRow {
  readonly name: string
  /** Whether entries lead there. */
  readonly isUsed: boolean
  /** Its CPUs; each may be broken between its pieces. */
  readonly items: readonly (readonly Piece[])[]
}

/** CPUs that are alike: consecutive ones whose entries are consecutive too, so that entries go to them in turn. */
interface CpuGroup {
  readonly cpus: readonly [MapCpu, ...MapCpu[]]
  readonly volatile: readonly number[]
  readonly persistent: readonly number[]
}

/** The rows of a node. @param tone of what leads there */
export function cacheRows({ l3 }: MapNode, tone: Tone): CacheRow[] {
  const rows: CacheRow[] = []
  for (const caches of alike(l3)) {
    const cpus = caches.flatMap((one) => one.cpus)
    const isUsed = cpus.some(hasEntries)
    rows.push({
      name: nameOf(caches, cpus),
      isUsed,
      items: groupCpus(cpus).map((group) => drawGroup(group, tone)),
    })
  }
  return rows.length > 0 ? rows : [{ name: 'no CPU', isUsed: false, items: [] }]
}

/** Neighbours to which nothing leads stand together. */
function alike(caches: readonly MapL3[]): MapL3[][] {
  const rows: MapL3[][] = []
  for (const cache of caches) {
    const row = rows.at(-1)
    const before = row?.at(-1)
    const joins = before !== undefined && isIdle(before) && isIdle(cache)
    if (joins) row?.push(cache)
    else rows.push([cache])
  }
  return rows
}

function isIdle({ l3, cpus }: MapL3): boolean {
  return l3 !== null && !cpus.some(hasEntries)
}

function hasEntries({ entries }: MapCpu): boolean {
  return entries !== ''
}

function nameOf(caches: readonly MapL3[], cpus: readonly MapCpu[]): string {
  const ids = caches.flatMap(({ l3 }) => l3 ?? [])
  if (ids.length > 0) return `L3 ${formatNumberList(ids)}`
  return cpus.every(({ online }) => !online) ? 'offline' : 'no L3'
}

function groupCpus(cpus: readonly MapCpu[]): CpuGroup[] {
  const groups: CpuGroup[] = []
  for (const cpu of cpus) {
    const [volatile, persistent] = listsOf(cpu)
    const group = groups.at(-1)
    if (group !== undefined && continues(group, cpu, volatile, persistent)) {
      groups[groups.length - 1] = { ...group, cpus: [...group.cpus, cpu] }
    } else groups.push({ cpus: [cpu], volatile, persistent })
  }
  return groups
}

function listsOf({ entries, persistent }: MapCpu): [number[], number[]] {
  const pm = persistent === '' ? [] : parseIndexList(persistent)
  const all = entries === '' ? [] : parseIndexList(entries)
  return [all.filter((index) => !pm.includes(index)), pm]
}

function continues(
  { cpus, volatile, persistent }: CpuGroup,
  { cpu, online }: MapCpu,
  nextVolatile: readonly number[],
  nextPersistent: readonly number[],
): boolean {
  const step = cpus.length
  const [first] = cpus
  return (
    cpu === first.cpu + step &&
    online === first.online &&
    isShifted(volatile, nextVolatile, step) &&
    isShifted(persistent, nextPersistent, step)
  )
}

function isShifted(from: readonly number[], to: readonly number[], step: number): boolean {
  return from.length === to.length && from.every((index, i) => index + step === to[i])
}

/** `cpu 0-3 <- 0-3, 8@pm`: a piece for the CPUs and one for each part of the list. */
function drawGroup({ cpus, volatile, persistent }: CpuGroup, tone: Tone): Piece[] {
  const [{ online }] = cpus
  const name = `cpu ${formatNumberList(cpus.map(({ cpu }) => cpu))}`
  const parts = [
    ...partsOf(inTurn(volatile, cpus.length), ''),
    ...partsOf(inTurn(persistent, cpus.length), '@pm'),
  ]
  if (parts.length === 0) return [{ tone: 'faint', text: name }]
  const look = online ? tone : 'bad'
  const lists = parts.map((part, i) => ({
    tone: look,
    text: `${part}${i < parts.length - 1 ? ', ' : ''}`,
  }))
  return [{ tone: look, text: `${name}${online ? '' : ' (offline!)'} <- ` }, ...lists]
}

/** All entries of a group, given those of its first CPU. */
function inTurn(first: readonly number[], count: number): number[] {
  return first
    .flatMap((index) => Array.from({ length: count }, (_, i) => index + i))
    .sort((a, b) => a - b)
}

function partsOf(indexes: readonly number[], mark: string): string[] {
  if (indexes.length === 0) return []
  return formatPatterns(indexes)
    .split(',')
    .map((part) => `${part}${mark}`)
}
