import { formatNumberList } from '../args/cpu-list.ts'
import { layOut } from '../topology/layout.ts'
import { deviceInfo } from './describe.ts'
import type { Look } from './look.ts'
import type { MapCpu, MapEntries, MapNode, MapResult } from './map-results.ts'
import type { EntryInfo } from './results.ts'
import { indexOf } from './runs.ts'

/** Where a device's entries lead, on this machine's nodes, level 3 caches and CPUs. */
export function mapOf(look: Look): MapResult {
  const { fn, owner, control, entries, reason } = look
  const { device, numaNode, tph, ownerVisible } = deviceInfo(fn, look.tph)
  const nodes = placeEntries(look)
  return {
    device,
    numaNode,
    localCpus: formatNumberList(fn.localCpus),
    tph,
    owner: owner === null ? null : { pid: owner.pid, command: owner.command, fd: owner.fd },
    ownerVisible: ownerVisible || owner !== null,
    control,
    entries: entries === null ? null : summary(look, entries, nodes),
    reason,
    nodes,
  }
}

function placeEntries({ fn, topology, entries }: Look): MapNode[] {
  const byCpu = groupByCpu(entries ?? [])
  const online = new Set(topology.online)
  const cpus = [...topology.possible, ...topology.online, ...byCpu.keys()]
  const describe = (cpu: number): MapCpu => {
    const own = byCpu.get(cpu) ?? []
    return {
      cpu,
      online: online.has(cpu),
      entries: listOf(own),
      persistent: listOf(own.filter(({ memoryType }) => memoryType === 'pm')),
    }
  }
  return layOut(topology, fn, cpus).map(({ node, distance, l3 }) => ({
    node,
    distance,
    isLocal: distance === null ? null : distance === 'local',
    l3: l3.map((one) => ({ l3: one.l3, cpus: one.cpus.map(describe) })),
  }))
}

function groupByCpu(entries: readonly EntryInfo[]): Map<number, EntryInfo[]> {
  const byCpu = new Map<number, EntryInfo[]>()
  for (const entry of entries) {
    if (entry.cpu === null) continue
    const own = byCpu.get(entry.cpu) ?? []
    own.push(entry)
    byCpu.set(entry.cpu, own)
  }
  return byCpu
}

function summary(
  { tph, topology }: Look,
  entries: readonly EntryInfo[],
  nodes: readonly MapNode[],
): MapEntries {
  const online = new Set(topology.online)
  const far = new Set(
    nodes
      .filter(({ distance }) => distance === 'far')
      .flatMap(({ l3 }) => l3.flatMap(({ cpus }) => cpus.map(({ cpu }) => cpu))),
  )
  const hasTable = tph?.stLocation !== 'none'
  return {
    set: listOf(entries.filter(({ st }) => st !== 0)),
    noTag: hasTable ? listOf(entries.filter(({ st }) => st === 0)) : '',
    cpuUnknown: listOf(entries.filter(({ st, cpu }) => st !== 0 && cpu === null)),
    far: listOf(entries.filter(({ cpu }) => cpu !== null && far.has(cpu))),
    offline: listOf(entries.filter(({ cpu }) => cpu !== null && !online.has(cpu))),
  }
}

function listOf(entries: readonly EntryInfo[]): string {
  return formatNumberList(entries.map(indexOf))
}
