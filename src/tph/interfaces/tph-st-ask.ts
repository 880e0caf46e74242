import { MAX_ST_ENTRIES } from '../../abi/tph-st.ts'
import type { MemoryType } from '../../args/entry.ts'
import { BusyError, TphctlError } from '../../errors.ts'
import { tagText } from '../check-tags.ts'
import { callFailed } from '../errno-meaning.ts'
import type { RunInfo, TagResult } from '../results.ts'
import type { AskedTags } from './types.ts'

/** The kernel-kept entry that lends itself to asking for tags (design: `tag`). */
const SCRATCH_INDEX = MAX_ST_ENTRIES - 1

/** GET and SET of single entries of one device. */
export interface EntryCalls {
  readonly bdf: string
  /** @returns the tag @throws TphctlError */
  get(index: number): number
  /** @returns 0 or the errno */
  set(run: RunInfo): number
}

/** Asks for the tag of each CPU by SET and GET of one entry that the kernel keeps, which is cleared afterwards. */
export function askThroughEntry(
  device: EntryCalls,
  cpus: readonly number[],
  memoryType: MemoryType,
): AskedTags {
  requireUnused(device)
  const { tags, error } = askEach(device, cpus, memoryType)
  const cleared = device.set(scratchRun(null, 'vm'))
  const uncleared =
    cleared === 0 ? null : callFailed(`clear entry ${SCRATCH_INDEX} after use`, cleared)
  const notes = error !== null && uncleared !== null ? [uncleared.message] : []
  return { tags, error: error ?? uncleared, notes }
}

/** The SET that makes the kernel look up a CPU's tag; null clears the entry. */
export function scratchRun(cpu: number | null, memoryType: MemoryType): RunInfo {
  return { index: SCRATCH_INDEX, count: 1, memoryType, cpus: [cpu] }
}

function askEach(
  device: EntryCalls,
  cpus: readonly number[],
  memoryType: MemoryType,
): Pick<AskedTags, 'tags' | 'error'> {
  const tags: TagResult['tags'][number][] = []
  try {
    for (const cpu of cpus) tags.push({ cpu, st: tagOf(device, cpu, memoryType), memoryType })
    return { tags, error: null }
  } catch (error) {
    if (error instanceof TphctlError) return { tags, error }
    throw error
  }
}

function requireUnused(device: EntryCalls): void {
  const tag = device.get(SCRATCH_INDEX)
  if (tag === 0) return
  throw new BusyError(
    `Cannot ask for tags: entry ${SCRATCH_INDEX}, which it takes, is in use with tag ${tagText(tag)}`,
    { hint: `"tphctl clear ${device.bdf} ${SCRATCH_INDEX}" frees it` },
  )
}

function tagOf(device: EntryCalls, cpu: number, memoryType: MemoryType): number {
  const errno = device.set(scratchRun(cpu, memoryType))
  if (errno !== 0) throw callFailed(`ask for the tag of CPU ${cpu}`, errno)
  return device.get(SCRATCH_INDEX)
}
