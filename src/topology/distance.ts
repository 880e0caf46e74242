import type { DeviceLocality, Topology } from './topology.ts'

/**
 * Those of `cpus` on another package (socket) than the device's local CPUs, in the order given. None when the device's
 * locality is not known; a CPU of no known package is not counted as far away.
 */
export function remoteCpus(
  cpus: readonly number[],
  topology: Topology,
  locality: DeviceLocality,
): number[] {
  const local = new Set(locality.localCpus)
  if (local.size === 0) return []
  const far = topology.packages.filter((socket) => !socket.cpus.some((cpu) => local.has(cpu)))
  const farCpus = new Set(far.flatMap((socket) => socket.cpus))
  return cpus.filter((cpu) => farCpus.has(cpu))
}
