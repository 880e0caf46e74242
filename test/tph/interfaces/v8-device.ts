import { CAPABILITY, ScriptedDevice } from '../scripted-device.ts'

/** One VFIO_DEVICE_PCI_TPH as the script sees it, decoded by the offsets of the header. */
export interface V8Call {
  readonly op: number
  /** Which call of that op it is, from 1. */
  readonly nth: number
  readonly bytes: DataView
}

/** Operations, by the names of the header. */
export const OP = { getCap: 0, enable: 1, disable: 2, getSt: 3, setSt: 4 } as const

const CONTROL = CAPABILITY + 8
const TABLE = CAPABILITY + 12

/**
 * A device whose kernel has VFIO_DEVICE_PCI_TPH and no TPH_ST: a table of 64 in the capability, or another one. It does what a test tells
 * it and knows nothing of src beyond the Device interface; what the test leaves to it is done without checks.
 */
export class V8Device extends ScriptedDevice {
  /** Runs before the device does anything. */
  v8Script: (call: V8Call) => number | undefined = () => undefined
  /** Operations in their order, failed ones too. */
  readonly ops: number[] = []

  override ioctl(request: number, buffer: Uint8Array): number {
    if (request !== 0x3b7a) return -25
    const bytes = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    const op = bytes.getUint32(4, true)
    this.ops.push(op)
    const nth = this.ops.filter((one) => one === op).length
    return this.v8Script({ op, nth, bytes }) ?? this.#carryOut(op, bytes)
  }

  /** The table in the capability. */
  get table(): number[] {
    return Array.from({ length: 64 }, (_, i) => this.#view().getUint16(TABLE + 2 * i, true))
  }

  /** Writes an entry behind everybody's back. */
  putTag(index: number, tag: number): void {
    this.#view().setUint16(TABLE + 2 * index, tag, true)
  }

  /** Writes the control register behind everybody's back. */
  putControl(value: number): void {
    this.#view().setUint32(CONTROL, value, true)
  }

  #view(): DataView {
    return new DataView(this.config.buffer, this.config.byteOffset)
  }

  #carryOut(op: number, bytes: DataView): number {
    const capability = this.#view().getUint32(CAPABILITY + 4, true)
    switch (op) {
      case OP.getCap:
        bytes.setUint32(8, (capability >>> 1) & 3, true)
        if ((capability & 0x600) !== 0) bytes.setUint16(10, ((capability >>> 16) & 0x7ff) + 1, true)
        bytes.setUint32(12, 0, true)
        return 0
      case OP.enable:
        this.putControl(0x300 | bytes.getUint8(8))
        return 0
      case OP.disable:
        this.putControl(0)
        return 0
      case OP.getSt:
        for (let i = 0; i < bytes.getUint32(8, true); i++) this.#answer(bytes, 16 + 12 * i)
        return 0
      case OP.setSt:
        for (let i = 0; i < bytes.getUint32(8, true); i++) this.#program(bytes, 16 + 12 * i)
        return 0
      default:
        return -22
    }
  }

  #answer(bytes: DataView, at: number): void {
    bytes.setUint16(at + 8, tagFor(bytes, at), true)
  }

  #program(bytes: DataView, at: number): void {
    const tag = bytes.getUint32(at, true) === 0xffffffff ? 0 : tagFor(bytes, at)
    this.putTag(bytes.getUint16(at + 6, true), tag)
  }
}

/** As of a scripted device: 0x100 + CPU, 0x200 + CPU for persistent memory. */
function tagFor(bytes: DataView, at: number): number {
  return (bytes.getUint8(at + 4) + 1) * 0x100 + bytes.getUint32(at, true)
}
