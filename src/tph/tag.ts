import { MAX_ST_ENTRIES } from '../abi/tph-st.ts'
import type { MemoryType } from '../args/entry.ts'
import { BusyError, UnsupportedError } from '../errors.ts'
import { tagText } from './check-tags.ts'
import { callFailed } from './errno-meaning.ts'
import { guardDevice } from './guard.ts'
import { type Host, type TphFunction, withLockedDevice } from './host.ts'
import { traceRun } from './program.ts'
import type { RunInfo, TagResult } from './results.ts'
import type { TphDevice } from './tph-device.ts'

/** The kernel-kept entry that lends itself to asking for tags (design: `tag`). */
const SCRATCH_INDEX = MAX_ST_ENTRIES - 1

/**
 * Asks for the tag of each CPU, on a device without an ST table: SET and GET of one kernel-kept entry, cleared afterwards.
 *
 * @throws UnsupportedError when the device has a table; BusyError when somebody uses that entry; what the calls throw
 */
export function askTags(
  host: Host,
  found: TphFunction,
  cpus: readonly number[],
  memoryType: MemoryType,
  dryRun: boolean,
): TagResult {
  requireNoTable(found)
  const device = found.fn.bdf
  const runs = cpus.map((cpu) => scratchRun(cpu, memoryType))
  if (dryRun) {
    for (const run of runs) traceRun(host, run)
    return { device, tags: [], planned: runs }
  }
  return withLockedDevice(host, found.fn, (open) => {
    guardDevice(host, found, open, ['get', 'set'])
    requireUnused(open)
    const tags = clearingAfterwards(open, () =>
      cpus.map((cpu) => ({ cpu, st: tagOf(open, cpu, memoryType), memoryType })),
    )
    return { device, tags }
  })
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

function requireUnused(device: TphDevice): void {
  const tag = scratchTag(device)
  if (tag === 0) return
  throw new BusyError(
    `Cannot ask for tags: entry ${SCRATCH_INDEX}, which it takes, is in use with tag ${tagText(tag)}`,
    { hint: `"tphctl clear DEVICE ${SCRATCH_INDEX}" frees it` },
  )
}

function tagOf(device: TphDevice, cpu: number, memoryType: MemoryType): number {
  const errno = device.trySet(scratchRun(cpu, memoryType))
  if (errno !== 0) throw callFailed(`ask for the tag of CPU ${cpu}`, errno)
  return scratchTag(device)
}

function clearingAfterwards<T>(device: TphDevice, work: () => T): T {
  let result: T
  try {
    result = work()
  } catch (error) {
    device.trySet(scratchRun(null, 'vm'))
    throw error
  }
  const errno = device.trySet(scratchRun(null, 'vm'))
  if (errno !== 0) throw callFailed(`clear entry ${SCRATCH_INDEX} after use`, errno)
  return result
}

function scratchTag(device: TphDevice): number {
  return device.get({ index: SCRATCH_INDEX, count: 1 })[0] ?? 0
}

function scratchRun(cpu: number | null, memoryType: MemoryType): RunInfo {
  return { index: SCRATCH_INDEX, count: 1, memoryType, cpus: [cpu] }
}
