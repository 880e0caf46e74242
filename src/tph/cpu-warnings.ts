import { formatNumberList } from '../args/cpu-list.ts'
import { remoteCpus } from '../topology/distance.ts'
import type { Host, TphFunction } from './host.ts'

/**
 * Warns about CPUs that steering probably should not go to: outside the owner's allowed ones, or on another socket than the
 * device (design: "Owning and borrowing").
 *
 * @throws UsageError under `--strict`
 */
export function warnAboutCpus(
  { backend, notices }: Host,
  { fn }: TphFunction,
  cpus: Iterable<number>,
): void {
  const unique = [...new Set(cpus)].sort((a, b) => a - b)
  const allowed = fn.owner?.allowedCpus
  const outside = allowed ? unique.filter((cpu) => !allowed.includes(cpu)) : []
  if (outside.length > 0) {
    const owner = `pid ${fn.owner?.pid} (${fn.owner?.command})`
    notices.warn(`${fn.bdf}: its owner, ${owner}, may not run on CPU ${formatNumberList(outside)}`)
  }
  const remote = remoteCpus(unique, backend.topology, fn)
  if (remote.length === 0) return
  notices.warn(`${fn.bdf}: CPU ${formatNumberList(remote)} is on another socket than the device`)
}
