import { E } from '../abi/errno.ts'
import { CallError, type Device } from '../backend/types.ts'
import { ConfigSpace } from '../pci/config-space.ts'
import { PCI_CFG_SPACE_EXP_SIZE, PCI_TPH_CTRL } from '../pci/regs.ts'
import { EINTR_ATTEMPTS, repeating } from './eintr.ts'
import { callFailed } from './errno-meaning.ts'
import type { OpenDevice, SetCall, TphInterface } from './interfaces/types.ts'
import type { TphFunction } from './tph-function.ts'

/** The requests this tool makes of an open device, in the terms of steering tags. */
export class TphDevice implements OpenDevice {
  readonly #device: Device
  #spoken: { readonly kernel: TphInterface; readonly found: TphFunction } | null = null

  constructor(device: Device) {
    this.#device = device
  }

  get bdf(): string {
    return this.#device.bdf
  }

  /** The kernel interface that it turned out to have. */
  get kernel(): TphInterface {
    return this.#inUse().kernel
  }

  /** From here on the device is spoken to through that interface, which its kernel is known to have. */
  speak(kernel: TphInterface, found: TphFunction): void {
    this.#spoken = { kernel, found }
  }

  /** How many entries there are. */
  get entries(): number {
    const { kernel, found } = this.#inUse()
    return kernel.entriesOf(found.tph)
  }

  /** Tags of entries, in the order of `indexes`. @param indexes in ascending order @throws RefusedError and its like */
  readTags(indexes: ArrayLike<number>): number[] {
    const { kernel, found } = this.#inUse()
    return kernel.readTags(this, found, indexes)
  }

  /** Makes a call that programs entries. @returns 0 or the errno */
  trySet({ request, encode }: SetCall): number {
    return this.call(request, encode())
  }

  call(request: number, bytes: Uint8Array): number {
    for (let attempt = 1; ; attempt++) {
      const result = this.#device.ioctl(request, bytes)
      if (result !== -E.EINTR || attempt === EINTR_ATTEMPTS) return result < 0 ? -result : 0
    }
  }

  /** All config space the fd shows. @throws RefusedError and its like */
  config(): ConfigSpace {
    return new ConfigSpace(this.readConfig(0, PCI_CFG_SPACE_EXP_SIZE))
  }

  /** A part of config space; less than `length` bytes where it ends. @throws RefusedError and its like */
  readConfig(offset: number, length: number): Uint8Array {
    return this.#config('read config space', () => this.#device.readConfig(offset, length))
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

  #inUse(): { readonly kernel: TphInterface; readonly found: TphFunction } {
    if (this.#spoken === null) throw new RangeError(`nobody asked which interface ${this.bdf} has`)
    return this.#spoken
  }

  #config<T>(action: string, call: () => T): T {
    try {
      return repeating(call)
    } catch (error) {
      throw error instanceof CallError ? callFailed(action, error.errno) : error
    }
  }
}

/** A register's value as its 4 bytes. */
export function u32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}
