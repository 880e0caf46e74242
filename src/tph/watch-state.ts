import type { Look } from './look.ts'
import { mapOf } from './map.ts'
import type { MapNode, MapResult } from './map-results.ts'
import type { EntryInfo } from './results.ts'

/** A device as it was seen last. */
export interface WatchState {
  readonly map: MapResult
  readonly entries: readonly EntryInfo[] | null
  /** Names one process of a boot; null without an owner. */
  readonly ownerKey: string | null
}

/** What differs between two states. */
export interface WatchChange {
  /** The fields of the picture that differ. */
  readonly changed: readonly (keyof MapResult)[]
  /** Entries that differ, as they are now; those that were or are not visible do not count. */
  readonly entries: readonly EntryInfo[]
}

/** The state that a look found. */
export function stateOf(look: Look): WatchState {
  const { owner } = look
  const ownerKey = owner === null ? null : `${owner.pid} ${owner.startTime}`
  return { map: mapOf(look), entries: look.entries, ownerKey }
}

/** The state of a device that cannot be looked at now: its place is known from before. */
export function unseenState({ map }: WatchState, reason: string): WatchState {
  return { map: { ...map, control: null, entries: null, reason }, entries: null, ownerKey: null }
}

/** What differs between two states; null when nothing does. */
export function changeBetween(before: WatchState, now: WatchState): WatchChange | null {
  const fields = Object.keys(now.map) as (keyof MapResult)[]
  const changed = fields.filter((field) => !isSame(shown(before, field), shown(now, field)))
  const entries = changedEntries(before.entries, now.entries)
  if (before.ownerKey !== now.ownerKey && !changed.includes('owner')) changed.push('owner')
  return changed.length === 0 && entries.length === 0 ? null : { changed, entries }
}

/** Of the nodes only which CPUs there are: where entries lead is told entry by entry. */
function shown({ map }: WatchState, field: keyof MapResult): unknown {
  return field === 'nodes' ? map.nodes.map(withoutEntries) : map[field]
}

function withoutEntries({ node, distance, l3 }: MapNode): unknown {
  const cpus = l3.map((one) => [one.l3, one.cpus.map(({ cpu, online }) => [cpu, online])])
  return [node, distance, cpus]
}

function changedEntries(
  before: WatchState['entries'],
  now: WatchState['entries'],
): readonly EntryInfo[] {
  if (before === null || now === null) return []
  return now.filter((entry, i) => !isSame(entry, before[i]))
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
