import { errnoName } from '../../abi/errno.ts'
import {
  CLEAR_CPU,
  VFIO_DEVICE_PCI_TPH,
  VFIO_PCI_TPH_GET_ST,
  VFIO_PCI_TPH_MAX_ENTRIES,
  VFIO_PCI_TPH_MEM_TYPE_PM,
  VFIO_PCI_TPH_MEM_TYPE_VM,
  VFIO_PCI_TPH_SET_ST,
} from '../../abi/pci-tph-v8.ts'
import {
  decodeTags,
  encodeEntries,
  type PciTphEntry,
  PciTphShapeError,
} from '../../abi/pci-tph-v8-codec.ts'
import type { MemoryType } from '../../args/entry.ts'
import { UnsupportedError } from '../../errors.ts'
import { decodeTphControl, type StMode, type TphCapability } from '../../pci/tph-capability.ts'
import { isEnabled } from '../control-info.ts'
import { callFailed, NOT_THERE } from '../errno-meaning.ts'
import type { ControlInfo, RunInfo } from '../results.ts'
import { mergeRuns, splitRuns } from '../runs.ts'
import type { TphFunction } from '../tph-function.ts'
import { readDeviceTags } from './device-table.ts'
import { controlSteps, controlStepsBack } from './pci-tph-v8-control.ts'
import { examinePciTph } from './pci-tph-v8-guard.ts'
import { MEANINGS } from './pci-tph-v8-meanings.ts'
import { requireDeviceSpecific, requireProgrammable } from './pci-tph-v8-ready.ts'
import type {
  AskedTags,
  AskPlan,
  ControlStep,
  Findings,
  OpenDevice,
  Question,
  Refusal,
  SetCall,
  TphInterface,
  Use,
} from './types.ts'

const MEM_TYPES = { vm: VFIO_PCI_TPH_MEM_TYPE_VM, pm: VFIO_PCI_TPH_MEM_TYPE_PM } as const

/**
 * VFIO_DEVICE_PCI_TPH, the ioctl of revision 8 of the series "vfio/pci: Add PCIe TPH support". SET_ST computes tags and programs
 * them into the device's own table; nobody keeps them beside that, and there is no call that reads an entry.
 *
 * Assumed, as its header does not say, by this and by all that emulates it:
 *
 * - SET_ST works while TPH is on, GET_ST while it is on in DS mode, and are refused otherwise (EINVAL): only then does Linux know
 *   how wide tags are. So neither is sent before config space shows that.
 * - ENABLE and DISABLE leave the table as it is; ENABLE of what is on is EBUSY, DISABLE of what is off succeeds.
 * - Entries are done in the order of the call: one that fails leaves 0 in those before it, and those behind it alone. A CPU that is not
 *   possible, an index beyond the table, a memory type or reserved field that is not defined are failures of their entry (EINVAL);
 *   an entry of the MSI-X table whose vector is not allocated is ENXIO, and waits for nothing. SET_ST without a table is EOPNOTSUPP.
 * - A reset turns TPH off and empties a table in the capability.
 * - argsz of DISABLE may be that of the whole structure, 16.
 */
export const pciTphV8: TphInterface = {
  name: 'pci-tph-v8',
  how: 'GET_CAP, which agrees with the capability in config space',
  title: 'VFIO_DEVICE_PCI_TPH',
  keeper: 'device',
  meanings: MEANINGS,

  examine(device: OpenDevice, question: Question): Findings {
    return examinePciTph(device, question)
  },

  refused(refusal: Refusal | null): UnsupportedError {
    const message = `Cannot use VFIO_DEVICE_PCI_TPH: ${refusal?.reason ?? 'it is not there'}`
    const hint = 'without --abi the interface that the kernel has is looked for'
    const errno = refusal?.errno ?? null
    if (errno === null) return new UnsupportedError(message, { hint })
    const details = { errno: errnoName(errno) }
    return new UnsupportedError(message, NOT_THERE.has(errno) ? { ...details, hint } : details)
  },

  doubt(): null {
    return null
  },

  requireReady(device: OpenDevice, { tph }: TphFunction, use: Use): void {
    if (use === 'set') requireProgrammable(device, tph)
    if (use === 'ask') requireDeviceSpecific(device, tph)
  },

  entriesOf({ stEntries }: TphCapability): number {
    return stEntries
  },

  readTags(device: OpenDevice, found: TphFunction, indexes: ArrayLike<number>): number[] {
    return readDeviceTags(device, found, indexes)
  },

  setCalls(runs: readonly RunInfo[]): SetCall[] {
    return batches(runs).map((batch) => ({
      runs: batch,
      request: VFIO_DEVICE_PCI_TPH,
      encode: () => encodeEntries(VFIO_PCI_TPH_SET_ST, splitRuns(batch).map(entryOf)),
    }))
  },

  afterFailedSet(device: OpenDevice, { tph }: TphFunction): string | null {
    const isOn = isEnabled(decodeTphControl(device.readControl(tph.offset)))
    return isOn ? null : 'TPH went off when SET_ST failed'
  },

  controlSteps(tph: TphCapability, now: ControlInfo, mode: StMode | null): ControlStep[] {
    return controlSteps(tph, now, mode)
  },

  controlStepsBack(tph: TphCapability, now: ControlInfo, was: number): ControlStep[] {
    return controlStepsBack(tph, now, was)
  },

  planAsk(cpus: readonly number[], memoryType: MemoryType): AskPlan {
    return {
      planned: cpus.map((cpu) => ({ index: 0, count: 1, memoryType, cpus: [cpu] })),
      calls: askCalls(cpus, memoryType),
    }
  },

  askTags(device: OpenDevice, cpus: readonly number[], memoryType: MemoryType): AskedTags {
    const tags = askCalls(cpus, memoryType).flatMap(({ request, encode, cpus: asked }) => {
      const bytes = encode()
      const errno = device.call(request, bytes)
      if (errno !== 0) throw callFailed('ask for the tags', errno, MEANINGS)
      const got = tagsIn(bytes, asked.length)
      return asked.map((cpu, i) => ({ cpu, st: got[i] ?? 0, memoryType }))
    })
    return { tags, error: null, notes: [] }
  },
}

function tagsIn(reply: Uint8Array, count: number): number[] {
  try {
    return decodeTags(reply, VFIO_PCI_TPH_GET_ST, count)
  } catch (error) {
    if (!(error instanceof PciTphShapeError)) throw error
    throw new UnsupportedError(
      `Cannot use VFIO_DEVICE_PCI_TPH: GET_ST answered with ${error.message}`,
    )
  }
}

function entryOf({ index, cpu, memoryType }: ReturnType<typeof splitRuns>[number]): PciTphEntry {
  return { index, cpu: cpu ?? CLEAR_CPU, memType: MEM_TYPES[memoryType] }
}

/** One GET_ST asks for the tags of so many CPUs at most. */
function askCalls(cpus: readonly number[], memoryType: MemoryType) {
  return chunks(cpus).map((chunk) => ({
    cpus: chunk,
    request: VFIO_DEVICE_PCI_TPH,
    encode: () =>
      encodeEntries(
        VFIO_PCI_TPH_GET_ST,
        chunk.map((cpu) => ({ cpu, memType: MEM_TYPES[memoryType], index: 0 })),
      ),
  }))
}

/** A call takes entries with holes between them and of different memory types, so most often there is one. */
function batches(runs: readonly RunInfo[]): (readonly RunInfo[])[] {
  const entries = runs.reduce((sum, { count }) => sum + count, 0)
  if (entries <= VFIO_PCI_TPH_MAX_ENTRIES) return runs.length === 0 ? [] : [runs]
  return chunks(splitRuns(runs)).map(mergeRuns)
}

function chunks<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / VFIO_PCI_TPH_MAX_ENTRIES)
  return Array.from({ length: count }, (_, i) =>
    all.slice(i * VFIO_PCI_TPH_MAX_ENTRIES, (i + 1) * VFIO_PCI_TPH_MAX_ENTRIES),
  )
}
