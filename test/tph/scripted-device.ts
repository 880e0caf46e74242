import { CallError, type Device } from '../../src/backend/types.ts'
import { buildConfig } from '../pci/build-config.ts'

/** One ioctl as the script sees it, decoded by the offsets of uapi.md 1. */
export interface Call {
  readonly op: 'probe' | 'get' | 'set'
  /** Which call of that op it is, from 1. */
  readonly nth: number
  readonly index: number
  readonly count: number
  readonly persistent: boolean
  /** The caller's buffer. */
  readonly bytes: DataView
}

/** What a script makes of a call: a result of its own, or undefined to let the device work. */
export type Script = (call: Call) => number | undefined

/** Where the TPH capability of a scripted device is. */
export const CAPABILITY = 0x1a0

/** Config space of an endpoint whose TPH capability register is `capability`; 0 for none. */
export function configWith(capability: number): Uint8Array {
  const extended = [
    { offset: 0x100, id: 0x01, dwords: [] },
    { offset: CAPABILITY, id: 0x17, dwords: [capability, 0] },
  ]
  return buildConfig({
    capabilities: [{ offset: 0xa0, id: 0x10, flags: 0x0002 }],
    extended: capability === 0 ? extended.slice(0, 1) : extended,
  })
}

/** A table of 64 in the capability, IV and DS, extended. */
export const EXTENDED_64 = 0x003f0307
/** DS alone, 8-bit tags, no table. */
export const DS_WITHOUT_TABLE = 0x00000004

/**
 * A device with TPH_ST that does what a test tells it: tag = 0x100 + CPU, 0x200 + CPU for persistent memory, nothing is
 * checked. It knows nothing of src beyond the Device interface.
 */
export class ScriptedDevice implements Device {
  readonly bdf: string
  readonly config: Uint8Array
  readonly tags: number[]
  /** Runs before the device does anything. */
  script: Script = () => undefined
  /** Runs before a config write; true when the device is to ignore it. */
  ignoresWrite: (offset: number, value: number) => boolean = () => false
  tagOf = (cpu: number, persistent: boolean): number => (persistent ? 0x200 : 0x100) + cpu
  /** The memory behind its BARs that can be mapped, each from its start. */
  readonly bars = new Map<number, Uint8Array>()
  opens = 0
  closes = 0
  /** Each SET that was carried out: first index and data. */
  readonly sets: { index: number; data: number[] }[] = []
  /** Each config write: offset and value. */
  readonly writes: [offset: number, value: number][] = []
  /** Each read of a BAR: its number, offset and length. */
  readonly barReads: [bar: number, offset: number, length: number][] = []
  readonly #seen = { probe: 0, get: 0, set: 0 }

  constructor(bdf: string, capability = EXTENDED_64) {
    this.bdf = bdf
    this.config = configWith(capability)
    const isInCapability = (capability & 0x600) === 0x200
    this.tags = Array<number>(isInCapability ? ((capability >>> 16) & 0x7ff) + 1 : 2048).fill(0)
  }

  ioctl(request: number, buffer: Uint8Array): number {
    if (request !== 0x3b75) return -25
    const bytes = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    const call = this.#decode(bytes)
    const scripted = this.script(call)
    if (scripted !== undefined) return scripted
    return call.op === 'probe' ? 0 : this.#carryOut(call)
  }

  readConfig(offset: number, length: number): Uint8Array {
    return this.config.slice(offset, offset + length)
  }

  writeConfig(offset: number, bytes: Uint8Array): void {
    const value = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
    this.writes.push([offset, value])
    if (!this.ignoresWrite(offset, value)) this.config.set(bytes, offset)
  }

  readBar(bar: number, offset: number, length: number): Uint8Array {
    this.barReads.push([bar, offset, length])
    const memory = this.bars.get(bar) ?? new Uint8Array(0)
    if (offset + length > memory.length) throw new CallError('mmap', 19)
    return memory.slice(offset, offset + length)
  }

  close(): void {
    this.closes += 1
  }

  /** How many calls of an op there were. */
  count(op: Call['op']): number {
    return this.#seen[op]
  }

  #decode(bytes: DataView): Call {
    const flags = bytes.getUint32(4, true)
    const op = flags & 0x40000 ? 'probe' : flags & 0x20000 ? 'set' : 'get'
    this.#seen[op] += 1
    const frame = { op, nth: this.#seen[op], bytes } as const
    if (op === 'probe') return { ...frame, index: 0, count: 0, persistent: false }
    return {
      ...frame,
      index: bytes.getUint16(12, true),
      count: bytes.getUint16(14, true),
      persistent: (bytes.getUint32(8, true) & 1) === 1,
    }
  }

  #carryOut({ op, index, count, persistent, bytes }: Call): number {
    if (index + count > this.tags.length) return -22
    const data = Array.from({ length: count }, (_, i) => bytes.getUint32(16 + 4 * i, true))
    if (op === 'set') {
      this.sets.push({ index, data })
      data.forEach((cpu, i) => {
        this.tags[index + i] = cpu === 0xffffffff ? 0 : this.tagOf(cpu, persistent)
      })
      return 0
    }
    for (let i = 0; i < count; i++) bytes.setUint32(16 + 4 * i, this.tags[index + i] ?? 0, true)
    return 0
  }
}
