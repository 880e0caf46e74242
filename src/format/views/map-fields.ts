import { parseIndexList } from '../../args/cpu-list.ts'
import type { MapResult } from '../../tph/map-results.ts'
import { ownerText } from './owner-text.ts'

/** Where the device is. */
export function placeText({ device, numaNode, localCpus, nodes }: MapResult): string {
  const place = numaNode === null ? device : `${device} on node ${numaNode}`
  // Where the firmware does not say, Linux calls all CPUs local.
  if (nodes.every(({ distance }) => distance === null)) return `${place}, its place is not known`
  return localCpus === '' ? place : `${place}, near CPUs ${localCpus}`
}

/** Who has it open. */
export function mapOwnerText(map: MapResult): string {
  const owner = ownerText(map)
  if (owner !== null) return owner
  return map.ownerVisible ? 'none' : "unknown: other users' processes cannot be seen"
}

/** Whether its requests carry hints at all. */
export function tphText({ control }: MapResult): string {
  if (control === null) return 'unknown'
  if (control.requester === 'off') return 'off'
  return `on, mode ${control.mode}, requester ${control.requester}`
}

/** Where its ST table is, and how much of it is set. */
export function entriesText({ tph, entries, reason }: MapResult): string {
  if (entries === null) return `unknown: ${reason}`
  const set = count(entries.set)
  if (tph?.stLocation === 'none') {
    const kept = set === 0 ? '' : `; the kernel keeps ${set} for it`
    return `no ST table, the device's driver places the tags ("tphctl tag" shows them)${kept}`
  }
  const where = tph?.stLocation === 'msix' ? 'in its MSI-X table' : 'in its capability'
  const far = count(entries.far)
  return `${tph?.stEntries} ${where}, ${set} set${far === 0 ? '' : `, ${far} of them far`}`
}

function count(list: string): number {
  return list === '' ? 0 : parseIndexList(list).length
}
