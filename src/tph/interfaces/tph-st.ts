import { errnoName } from '../../abi/errno.ts'
import { CLEAR_ENTRY, encodeSet, type StRange } from '../../abi/tph-st.ts'
import { VFIO_DEVICE_FEATURE } from '../../abi/vfio.ts'
import type { MemoryType } from '../../args/entry.ts'
import type { Backend } from '../../backend/types.ts'
import { UnsupportedError } from '../../errors.ts'
import { encodeTphControl, type StMode, type TphCapability } from '../../pci/tph-capability.ts'
import { isEnabled } from '../control-info.ts'
import { callFailed, NOT_THERE } from '../errno-meaning.ts'
import type { ControlInfo, RunInfo } from '../results.ts'
import { entriesText, mergeRanges } from '../runs.ts'
import { type TphFunction, tableEntries } from '../tph-function.ts'
import { askThroughEntry, scratchRun } from './tph-st-ask.ts'
import { examineTphSt } from './tph-st-guard.ts'
import { tryGet } from './tph-st-reply.ts'
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
} from './types.ts'

/** TPH_ST, a feature of VFIO_DEVICE_FEATURE (uapi section 1). The control register in config space turns TPH on and off. */
export class TphSt implements TphInterface {
  readonly name = 'tph-st'
  readonly how = 'PROBE and the shape of GET'
  readonly keeper = 'kernel'
  readonly meanings = {}
  readonly title: string
  readonly #featureIndex: number

  /** @param featureIndex the index under which the kernel is taken to have it */
  constructor(featureIndex: number) {
    this.title = `TPH_ST as feature ${featureIndex}`
    this.#featureIndex = featureIndex
  }

  examine(device: OpenDevice, question: Question): Findings {
    return examineTphSt(device, this.#featureIndex, question)
  }

  refused(refusal: Refusal | null): UnsupportedError {
    const message = `Cannot use ${this.title}: ${refusal?.reason ?? 'it is not there'}`
    const hint = 'if this kernel has it under another index, name that with --feature-index'
    const errno = refusal?.errno ?? null
    if (errno === null) return new UnsupportedError(message, { hint })
    const details = { errno: errnoName(errno) }
    return new UnsupportedError(message, NOT_THERE.has(errno) ? { ...details, hint } : details)
  }

  /** The fourth part of the guard: the kernel's type information. */
  doubt({ tphStruct }: Pick<Backend, 'tphStruct'>): string | null {
    if (tphStruct !== 'missing') return null
    return `the kernel's type information does not name vfio_device_feature_tph_st: feature ${this.#featureIndex} may be another one`
  }

  requireReady(): void {}

  entriesOf(tph: TphCapability): number {
    return tableEntries({ tph })
  }

  readTags(device: OpenDevice, _: TphFunction, indexes: ArrayLike<number>): number[] {
    const tags = new Array<number>(indexes.length)
    let at = 0
    for (const range of mergeRanges(indexes)) {
      const some = this.#get(device, range)
      for (let i = 0; i < range.count; i++) tags[at++] = some[i] ?? 0
    }
    return tags
  }

  setCalls(runs: readonly RunInfo[]): SetCall[] {
    const request = VFIO_DEVICE_FEATURE
    return runs.map((run) => ({ runs: [run], request, encode: () => this.#encode(run) }))
  }

  afterFailedSet(): null {
    return null
  }

  controlSteps(tph: TphCapability, now: ControlInfo, mode: StMode | null): ControlStep[] {
    const off = write(encodeTphControl('none', 'off'))
    const isOn = now.requester !== 'off'
    if (mode === null) return isOn || now.mode !== 'none' ? [off] : []
    if (isEnabled(now) && now.mode === mode) return []
    const on = write(encodeTphControl(mode, tph.extended ? 'extended' : 'tph'))
    return isOn ? [off, on] : [on]
  }

  controlStepsBack(_: TphCapability, __: ControlInfo, was: number): ControlStep[] {
    return [write(was)]
  }

  planAsk(cpus: readonly number[], memoryType: MemoryType): AskPlan {
    const planned = cpus.map((cpu) => scratchRun(cpu, memoryType))
    return { planned, calls: this.setCalls(planned) }
  }

  askTags(device: OpenDevice, cpus: readonly number[], memoryType: MemoryType): AskedTags {
    return askThroughEntry(
      {
        bdf: device.bdf,
        get: (index) => this.#get(device, { index, count: 1 })[0] ?? 0,
        set: (run) => device.call(VFIO_DEVICE_FEATURE, this.#encode(run)),
      },
      cpus,
      memoryType,
    )
  }

  /** @throws RefusedError and its like with the errno; UnsupportedError when the reply is not one of TPH_ST */
  #get(device: OpenDevice, range: StRange): Uint32Array {
    const reply = tryGet(device, this.#featureIndex, range)
    if (typeof reply === 'number') throw callFailed(`get ${entriesText(range)}`, reply)
    return reply
  }

  #encode({ index, memoryType, cpus }: RunInfo): Uint8Array {
    const data = new Uint32Array(cpus.length)
    for (let i = 0; i < cpus.length; i++) data[i] = cpus[i] ?? CLEAR_ENTRY
    return encodeSet(this.#featureIndex, { index, persistent: memoryType === 'pm', data })
  }
}

function write(value: number): ControlStep {
  return { value, call: null }
}
