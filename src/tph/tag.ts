import { MAX_ST_ENTRIES } from '../abi/tph-st.ts'
import type { MemoryType } from '../args/entry.ts'
import { aboutDevice, BusyError, TphctlError, UnsupportedError } from '../errors.ts'
import { tagText, tagWarnings } from './check-tags.ts'
import { warnAboutCpus } from './cpu-warnings.ts'
import { callFailed } from './errno-meaning.ts'
import { guardDevice } from './guard.ts'
import { type Host, type TphFunction, withLockedDevice } from './host.ts'
import { traceRun } from './program.ts'
import type { RunInfo, TagResult } from './results.ts'
import type { TphDevice } from './tph-device.ts'

/** The kernel-kept entry that lends itself to asking for tags (design: `tag`). */
const SCRATCH_INDEX = MAX_ST_ENTRIES - 1

/** What asking came to: the tags there are, and why there are not more. */
export interface Asked {
  readonly value: TagResult
  readonly error: TphctlError | null
}

/**
 * Asks for the tag of each CPU, on a device without an ST table: SET and GET of one kernel-kept entry, cleared afterwards.
 *
 * @throws UnsupportedError when the device has a table; BusyError when somebody uses that entry; what fails before the first SET
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
  const runs = cpus.map((cpu) => scratchRun(cpu, memoryType))
  if (dryRun) {
    for (const run of runs) traceRun(host, run)
    return { value: { device, tags: [], planned: runs }, error: null }
  }
  return withLockedDevice(host, found.fn, (open) => {
    guardDevice(host, found, open, ['get', 'set'])
    requireUnused(open)
    const { tags, error } = askEach(open, cpus, memoryType)
    const cleared = open.trySet(scratchRun(null, 'vm'))
    const uncleared =
      cleared === 0 ? null : callFailed(`clear entry ${SCRATCH_INDEX} after use`, cleared)
    if (error !== null && uncleared !== null) host.notices.note(`${device}: ${uncleared.message}`)
    for (const text of warningsOf(tags)) host.notices.note(`${device}: ${text}`)
    const failed = error ?? uncleared
    return { value: { device, tags }, error: failed === null ? null : aboutDevice(device, failed) }
  })
}

function askEach(
  device: TphDevice,
  cpus: readonly number[],
  memoryType: MemoryType,
): { readonly tags: TagResult['tags']; readonly error: TphctlError | null } {
  const tags: TagResult['tags'][number][] = []
  try {
    for (const cpu of cpus) tags.push({ cpu, st: tagOf(device, cpu, memoryType), memoryType })
    return { tags, error: null }
  } catch (error) {
    if (error instanceof TphctlError) return { tags, error }
    throw error
  }
}

function warningsOf(tags: TagResult['tags']): string[] {
  return tagWarnings(
    tags,
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

function requireUnused(device: TphDevice): void {
  const tag = scratchTag(device)
  if (tag === 0) return
  throw new BusyError(
    `Cannot ask for tags: entry ${SCRATCH_INDEX}, which it takes, is in use with tag ${tagText(tag)}`,
    { hint: `"tphctl clear ${device.bdf} ${SCRATCH_INDEX}" frees it` },
  )
}

function tagOf(device: TphDevice, cpu: number, memoryType: MemoryType): number {
  const errno = device.trySet(scratchRun(cpu, memoryType))
  if (errno !== 0) throw callFailed(`ask for the tag of CPU ${cpu}`, errno)
  return scratchTag(device)
}

function scratchTag(device: TphDevice): number {
  return device.get({ index: SCRATCH_INDEX, count: 1 })[0] ?? 0
}

function scratchRun(cpu: number | null, memoryType: MemoryType): RunInfo {
  return { index: SCRATCH_INDEX, count: 1, memoryType, cpus: [cpu] }
}
