import type { MemoryType } from '../args/entry.ts'
import { aboutDevice, type TphctlError, UnsupportedError } from '../errors.ts'
import { tagWarnings } from './check-tags.ts'
import { warnAboutCpus } from './cpu-warnings.ts'
import { guardDevice, presume } from './guard.ts'
import { type Host, type TphFunction, withLockedDevice } from './host.ts'
import { firstChoice } from './interfaces/choose.ts'
import { traceCall } from './program.ts'
import type { TagResult } from './results.ts'

/** What asking came to: the tags there are, and why there are not more. */
export interface Asked {
  readonly value: TagResult
  readonly error: TphctlError | null
}

/**
 * Asks for the tag of each CPU, on a device without an ST table, in the way that the kernel's interface has for it.
 *
 * @throws UnsupportedError when the device has a table; BusyError when somebody uses what asking takes; what fails before anything is sent
 * that changes the device
 */
export function askTags(
  host: Host,
  found: TphFunction,
  cpus: readonly number[],
  memoryType: MemoryType,
  dryRun: boolean,
): Asked {
  requireNoTable(found)
  warnAboutCpus(host, found, cpus)
  const device = found.fn.bdf
  if (dryRun) {
    const kernel = host.trace === null ? firstChoice(host) : presume(host, found)
    const { planned, calls } = kernel.planAsk(cpus, memoryType)
    for (const call of calls) traceCall(host, call)
    return { value: { device, tags: [], planned }, error: null }
  }
  return withLockedDevice(host, found.fn, (open) => {
    guardDevice(host, found, open, 'ask')
    const { tags, error, notes } = open.kernel.askTags(open, cpus, memoryType)
    for (const text of [...notes, ...warningsOf(tags)]) host.notices.note(`${device}: ${text}`)
    return { value: { device, tags }, error: error === null ? null : aboutDevice(device, error) }
  })
}

function warningsOf(tags: TagResult['tags']): string[] {
  return tagWarnings(
    [{ cpus: tags.map(({ cpu }) => cpu) }],
    tags.map(({ st }) => st),
  )
}

function requireNoTable({ fn, tph }: TphFunction): void {
  if (tph.stLocation === 'none') return
  throw new UnsupportedError(
    'Cannot ask for tags: the device has an ST table, where the kernel puts them',
    {
      device: fn.bdf,
      hint: 'use "tphctl set" and "tphctl get"',
    },
  )
}
