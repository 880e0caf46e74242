import type { InterfaceName } from '../../abi/interface-names.ts'
import type { FeatureOp } from '../../abi/tph-st.ts'
import type { MemoryType } from '../../args/entry.ts'
import type { Backend } from '../../backend/types.ts'
import type { TphctlError } from '../../errors.ts'
import type { ConfigSpace } from '../../pci/config-space.ts'
import type { StMode, TphCapability } from '../../pci/tph-capability.ts'
import type { Meanings } from '../errno-meaning.ts'
import type { ControlInfo, RunInfo, TagResult } from '../results.ts'
import type { TphFunction } from '../tph-function.ts'

/*
 * The one place where kernel interfaces differ. Commands speak to a device through whichever its kernel has; another interface is
 * another file that implements TphInterface, and a name in src/abi/interface-names.ts.
 */

/** What an interface is given of an open device. What fails below is thrown as TphctlError, save where an errno is returned. */
export interface OpenDevice {
  readonly bdf: string
  /** One ioctl, repeated while signals interrupt it. @returns 0, or the errno */
  call(request: number, bytes: Uint8Array): number
  /** All config space the fd shows. */
  config(): ConfigSpace
  /** A part of config space; less than `length` bytes where it ends. */
  readConfig(offset: number, length: number): Uint8Array
  /** The TPH control register. @param capability offset of the TPH Requester capability */
  readControl(capability: number): number
  /** See `Device.readBar`. @throws CallError */
  readBar(bar: number, offset: number, length: number): Uint8Array
}

/**
 * What a device is wanted for: to look at its entries, to compare them with what will be set, to set them, to turn TPH on or off, to ask
 * for the tags of CPUs; or to know all that is there.
 */
export type Use = 'look' | 'compare' | 'set' | 'control' | 'ask' | 'all'

/** Why a kernel is not taken to have an interface. */
export interface Refusal {
  readonly reason: string
  /** The errno behind it, positive; null when no call failed. */
  readonly errno: number | null
}

/** What an interface is asked about a device. */
export interface Question {
  readonly found: TphFunction
  /** Config space and the capability in it, as the fd shows them. */
  readonly config: ConfigSpace
  readonly tph: TphCapability
  readonly use: Use
}

/** What asking came to. */
export interface Findings {
  /** Whether tags can be read and set, as far as that was asked. */
  readonly ops: ReadonlySet<FeatureOp>
  /** The first check that failed; null when all hold. */
  readonly refusal: Refusal | null
}

/** One call that programs entries. */
export interface SetCall {
  readonly runs: readonly RunInfo[]
  readonly request: number
  encode(): Uint8Array
}

/** One step on the way to another state of TPH. */
export interface ControlStep {
  /** What the control register is to read afterwards; its requester counts only as on or off. */
  readonly value: number
  /** The ioctl that does it; null where `value` is written to config space. */
  readonly call: ControlCall | null
}

/** An ioctl that turns TPH on or off. */
export interface ControlCall {
  readonly request: number
  readonly bytes: Uint8Array
  /** As in `ENABLE iv`. */
  readonly name: string
  /** `verb object`, for when it fails. */
  readonly action: string
}

/** What asking for tags came to: those there are, and why there are not more. */
export interface AskedTags {
  readonly tags: TagResult['tags']
  readonly error: TphctlError | null
  /** What is to be told beside the error. */
  readonly notes: readonly string[]
}

/** A way to ask for tags: what would be sent, as calls and as a result has it. */
export interface AskPlan {
  readonly planned: readonly RunInfo[]
  readonly calls: readonly Pick<SetCall, 'request' | 'encode'>[]
}

/** A kernel interface for steering tags. */
export interface TphInterface {
  readonly name: InterfaceName
  /** By what it was recognised. */
  readonly how: string
  /** As in `TPH_ST as feature 14`. */
  readonly title: string
  /**
   * Who keeps tags: the kernel, which writes them to the device while TPH is on, or nobody but the device's own table, so that
   * entries can be set only while TPH is on and a call that fails may leave others than it found.
   */
  readonly keeper: 'kernel' | 'device'
  /** What errnos mean of its calls, where that is not what they mean of others. */
  readonly meanings: Meanings
  /** Whether the device's kernel has it. Sends nothing that could change a device, whatever the kernel takes it for. */
  examine(device: OpenDevice, question: Question): Findings
  /** The error for a kernel that does not have it. */
  refused(refusal: Refusal | null): TphctlError
  /** What speaks against it all the same, a sentence; null for nothing. */
  doubt(backend: Pick<Backend, 'tphStruct'>): string | null
  /** Makes sure that a device can be used so in the state it is in. @throws TphctlError */
  requireReady(device: OpenDevice, found: TphFunction, use: Use): void
  /** How many entries there are. */
  entriesOf(tph: TphCapability): number
  /** Tags of entries, in the order of `indexes`. @param indexes in ascending order @throws TphctlError */
  readTags(device: OpenDevice, found: TphFunction, indexes: ArrayLike<number>): number[]
  /** The calls that program runs, as few as the interface allows. @param runs in index order */
  setCalls(runs: readonly RunInfo[]): SetCall[]
  /** What a SET that failed did beside that, a clause; null for nothing. @throws TphctlError */
  afterFailedSet(device: OpenDevice, found: TphFunction): string | null
  /** The way to TPH in a mode, or off (null); none when it is already so. @throws UnsupportedError for a mode it has no way to */
  controlSteps(tph: TphCapability, now: ControlInfo, mode: StMode | null): ControlStep[]
  /** The way back to a value that the control register had. @throws UnsupportedError */
  controlStepsBack(tph: TphCapability, now: ControlInfo, was: number): ControlStep[]
  /** How it would ask for the tags of CPUs. */
  planAsk(cpus: readonly number[], memoryType: MemoryType): AskPlan
  /** Asks for the tag of each CPU, and leaves the device as it was. @throws TphctlError for what fails before anything is changed */
  askTags(device: OpenDevice, cpus: readonly number[], memoryType: MemoryType): AskedTags
}
