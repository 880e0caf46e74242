import { RefusedError } from '../errors.ts'
import { decodeTphControl } from '../pci/tph-capability.ts'
import { isEnabled } from './control-info.ts'
import { callFailed } from './errno-meaning.ts'
import type { ControlCall, ControlStep } from './interfaces/types.ts'
import type { ControlInfo } from './results.ts'
import type { TphDevice } from './tph-device.ts'

/** The TPH control register of an open device, and what is known of it. */
export class ControlRegister {
  /** As it was read last; null while it was written since and not read. */
  seen: ControlInfo | null = null
  readonly #device: TphDevice
  readonly #capability: number

  /** @param capability offset of the TPH Requester capability */
  constructor(device: TphDevice, capability: number) {
    this.#device = device
    this.#capability = capability
  }

  /** @returns its value @throws RefusedError and its like */
  read(): number {
    const value = this.#device.readControl(this.#capability)
    this.seen = decodeTphControl(value)
    return value
  }

  /**
   * Takes a step and reads the register back. The requester type is the kernel's choice, so only on or off and the mode are compared.
   *
   * @throws RefusedError when it reads back as something else; RefusedError and its like for calls that fail
   */
  take({ value, call }: ControlStep): void {
    if (call === null) this.#device.writeControl(this.#capability, value)
    else this.#call(call)
    this.seen = null
    const [asked, got] = [decodeTphControl(value), decodeTphControl(this.read())]
    const isOneKind = isEnabled(asked) ? isEnabled(got) : asked.requester === got.requester
    if (asked.mode === got.mode && isOneKind) return
    const message = `Cannot set the TPH control register: it was ${call === null ? 'written as' : 'to become'} ${controlText(asked)} and reads back ${controlText(got)}`
    throw new RefusedError(message, {
      hint: '"tphctl info" shows what the device and its root port support',
    })
  }

  #call({ request, bytes, action }: ControlCall): void {
    const errno = this.#device.call(request, bytes)
    if (errno !== 0) throw callFailed(action, errno, this.#device.kernel.meanings)
  }
}

function controlText({ mode, requester }: ControlInfo): string {
  return requester === 'off' ? 'off' : `mode ${mode}, requester ${requester}`
}
