import { E } from '../abi/errno.ts'
import {
  CLEAR_ENTRY,
  decodeTags,
  encodeGet,
  encodeProbe,
  encodeSet,
  type FeatureOp,
  ShapeError,
  type StRange,
  TPH_ST_DATA_OFFSET,
} from '../abi/tph-st.ts'
import { VFIO_DEVICE_FEATURE } from '../abi/vfio.ts'
import { CallError, type Device } from '../backend/types.ts'
import { UnsupportedError } from '../errors.ts'
import { ConfigSpace } from '../pci/config-space.ts'
import { PCI_CFG_SPACE_EXP_SIZE, PCI_TPH_CTRL } from '../pci/regs.ts'
import { EINTR_ATTEMPTS, repeating } from './eintr.ts'
import { callFailed } from './errno-meaning.ts'
import type { RunInfo } from './results.ts'

/** A tag has 16 bits at most (PCIe 6.0 section 2.2.7.1.1). */
const MAX_TAG = 0xffff

/** The requests this tool makes of an open device, in the terms of steering tags. */
export class TphDevice {
  /** The index under which the kernel is taken to have TPH_ST. */
  readonly featureIndex: number
  readonly #device: Device

  constructor(device: Device, featureIndex: number) {
    this.#device = device
    this.featureIndex = featureIndex
  }

  get bdf(): string {
    return this.#device.bdf
  }

  /** Asks whether the feature is there with those methods. @returns 0, or the errno of the refusal */
  probe(ops: readonly FeatureOp[]): number {
    return this.#ioctl(encodeProbe(this.featureIndex, ops))
  }

  /**
   * The tags of a range of entries.
   *
   * @throws RefusedError and its like with the errno; UnsupportedError when the reply is not one of TPH_ST
   */
  get(range: StRange): Uint32Array {
    const reply = this.tryGet(range)
    if (typeof reply === 'number') throw callFailed(`get ${entriesText(range)}`, reply)
    return reply
  }

  /** As `get`, with the errno returned instead of thrown. */
  tryGet(range: StRange): Uint32Array | number {
    const bytes = encodeGet(this.featureIndex, range)
    bytes.fill(0xff, TPH_ST_DATA_OFFSET)
    const errno = this.#ioctl(bytes)
    if (errno !== 0) return errno
    const tags = decodeReply(bytes, range)
    if (tags.some((tag) => tag > MAX_TAG)) throw wrongShape(`a tag above 0x${MAX_TAG.toString(16)}`)
    return tags
  }

  /** Programs one run. @returns 0 or the errno */
  trySet(run: RunInfo): number {
    return this.#ioctl(encodeSetRun(this.featureIndex, run))
  }

  /** All config space the fd shows. @throws RefusedError and its like */
  config(): ConfigSpace {
    return this.#config('read config space', () => {
      return new ConfigSpace(this.#device.readConfig(0, PCI_CFG_SPACE_EXP_SIZE))
    })
  }

  /** The TPH control register. @param capability offset of the TPH Requester capability */
  readControl(capability: number): number {
    return this.#config('read the TPH control register', () => {
      const bytes = this.#device.readConfig(capability + PCI_TPH_CTRL, 4)
      if (bytes.length < 4) throw new CallError('read', E.EIO)
      return new ConfigSpace(bytes).u32(0)
    })
  }

  /** Writes the TPH control register, its 4 bytes at once. */
  writeControl(capability: number, value: number): void {
    this.#config('write the TPH control register', () => {
      this.#device.writeConfig(capability + PCI_TPH_CTRL, u32Bytes(value))
    })
  }

  /** See `Device.readBar`. @throws CallError */
  readBar(bar: number, offset: number, length: number): Uint8Array {
    return this.#device.readBar(bar, offset, length)
  }

  #ioctl(bytes: Uint8Array): number {
    for (let attempt = 1; ; attempt++) {
      const result = this.#device.ioctl(VFIO_DEVICE_FEATURE, bytes)
      if (result !== -E.EINTR || attempt === EINTR_ATTEMPTS) return result < 0 ? -result : 0
    }
  }

  #config<T>(action: string, call: () => T): T {
    try {
      return repeating(call)
    } catch (error) {
      throw error instanceof CallError ? callFailed(action, error.errno) : error
    }
  }
}

/** The bytes of the SET that programs a run. */
export function encodeSetRun(
  featureIndex: number,
  { index, memoryType, cpus }: RunInfo,
): Uint8Array {
  const data = new Uint32Array(cpus.length)
  for (let i = 0; i < cpus.length; i++) data[i] = cpus[i] ?? CLEAR_ENTRY
  return encodeSet(featureIndex, { index, persistent: memoryType === 'pm', data })
}

/** A register's value as its 4 bytes. */
export function u32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

/** `entry 3` or `entries 0-7`. */
export function entriesText({ index, count }: StRange): string {
  return count === 1 ? `entry ${index}` : `entries ${index}-${index + count - 1}`
}

function decodeReply(bytes: Uint8Array, range: StRange): Uint32Array {
  try {
    return decodeTags(bytes, range)
  } catch (error) {
    throw error instanceof ShapeError ? wrongShape('another header than it was sent') : error
  }
}

function wrongShape(what: string): UnsupportedError {
  return new UnsupportedError(
    `Cannot use TPH_ST: GET answered with ${what}, so this is another feature`,
    {
      hint: 'name the right one with --feature-index',
    },
  )
}
