import { describeIoctl } from '../../../src/abi/describe.ts'
import {
  VFIO_DEVICE_FEATURE,
  VFIO_DEVICE_GET_INFO,
  VFIO_DEVICE_GET_REGION_INFO,
  VFIO_DEVICE_RESET,
  VFIO_DEVICE_SET_IRQS,
} from '../../../src/abi/vfio.ts'
import { builtInFunctions } from '../../../src/backend/mock/built-in-host.ts'
import { writeConfigSpace } from '../../../src/backend/mock/config-write.ts'
import { type EmulatedFunction, emulate } from '../../../src/backend/mock/emulated-function.ts'
import { changesState, deviceIoctl } from '../../../src/backend/mock/kernel-ioctl.ts'
import type { Memory } from '../../../src/backend/mock/memory.ts'
import { promise, type Target } from '../target.ts'
import { someConfigs } from './configs.ts'

const REQUESTS = [
  VFIO_DEVICE_FEATURE,
  VFIO_DEVICE_GET_INFO,
  VFIO_DEVICE_GET_REGION_INFO,
  VFIO_DEVICE_RESET,
  VFIO_DEVICE_SET_IRQS,
  0x3b70,
]
const POSSIBLE: ReadonlySet<number> = new Set(Array.from({ length: 20 }, (_, i) => i))
const KERNEL = { abi: 'tph-st', possibleCpus: POSSIBLE } as const
const EFAULT = 14
const EINVAL = 22
const ENOTTY = 25
const [GET, SET, PROBE] = [1 << 16, 1 << 17, 1 << 18]

function memoryOf({ image }: EmulatedFunction): Memory {
  const { config, msix, vectors, kept } = image
  const [one, two, three, four] = [config, msix, vectors, kept].map((bytes) => bytes.slice())
  const none = new Uint8Array(0)
  return { config: one ?? none, msix: two ?? none, vectors: three ?? none, kept: four ?? none }
}

/** What the kernel answers to a feature call, read off uapi section 1 check by check. */
function expected({ tph, entries }: EmulatedFunction, bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length < 8) return -EFAULT
  const [argsz, flags] = [view.getUint32(0, true), view.getUint32(4, true)]
  if (argsz < 8 || flags >= 2 * PROBE) return -EINVAL
  const [get, set, probe] = [GET, SET, PROBE].map((bit) => (flags & bit) !== 0)
  if (get && set && !probe) return -EINVAL
  if ((flags & 0xffff) !== 14 || tph === null) return -ENOTTY
  if (probe) return 0
  if ((!get && !set) || argsz < 16) return -EINVAL
  if (bytes.length < 16) return -EFAULT
  const [index, count] = [view.getUint16(12, true), view.getUint16(14, true)]
  if (view.getUint32(8, true) > (set ? 1 : 0)) return -EINVAL
  if (count === 0 || index + count > entries || argsz < 16 + 4 * count) return -EINVAL
  if (bytes.length < 16 + 4 * count) return -EFAULT
  if (get) return 0
  const cpus = Array.from({ length: count }, (_, i) => view.getUint32(16 + 4 * i, true))
  return cpus.every((cpu) => cpu < 20 || cpu === 0xffffffff) ? 0 : -EINVAL
}

function call(request: number, rest: readonly number[]): Uint8Array {
  const head = Buffer.alloc(2)
  head.writeUInt8(REQUESTS.indexOf(request))
  head.writeUInt8(rest.length, 1)
  return Buffer.concat([head, Buffer.from(rest)])
}

const u32 = (...values: number[]): number[] =>
  values.flatMap((value) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff))

const SEEDS = [
  call(VFIO_DEVICE_FEATURE, u32(20, 14 | SET, 0, 1 << 16, 7)),
  call(VFIO_DEVICE_FEATURE, u32(24, 14 | GET, 0, 2 << 16, 0, 0)),
  call(VFIO_DEVICE_FEATURE, u32(8, 14 | GET | SET | PROBE)),
  call(VFIO_DEVICE_GET_INFO, u32(20, 0, 0, 0, 0)),
  call(VFIO_DEVICE_GET_REGION_INFO, u32(32, 0, 7, 0, 0, 0, 0, 0)),
  call(VFIO_DEVICE_SET_IRQS, u32(28, 0x24, 2, 0, 2, 5, 6)),
  // A write of the control register at 0x1a8.
  Buffer.from([0x81, 4, 0xa8, 0x01, 1, 3, 0, 0]),
]

/** Functions made of good config spaces and of those that are cut. */
const functions = once(() => {
  const rest = { driver: null, numaNode: null, iommuGroup: null, secondaryBus: null, owned: true }
  const cut = someConfigs().map((config) => emulate({ bdf: '0000:81:00.0', config, ...rest }, null))
  return [...builtInFunctions().map((one) => emulate(one, 'extended')), ...cut]
})

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** Calls to the mock's kernel, one after the other; each answer against what the interface says. */
export const mockKernel: Target = {
  name: 'mock-kernel',
  share: 30,
  longest: 200,
  microsecondsPerByte: 100,
  seeds: () => SEEDS.map((seed, i) => Buffer.concat([Buffer.from([i % 8]), seed])),
  words: ['\x0e\x00\x01\x00', '\x0e\x00\x02\x00', '\x0e\x00\x04\x00', '\xff\xff\xff\xff'],
  run(input) {
    const all = functions()
    const emulated = all[(input[0] ?? 0) % all.length]
    if (emulated === undefined) return
    const memory = memoryOf(emulated)
    for (let at = 1, calls = 0; at + 2 <= input.length && calls < 8; calls++) {
      const [what = 0, length = 0] = input.subarray(at, at + 2)
      const bytes = input.slice(at + 2, at + 2 + length)
      at += 2 + length
      if (what >= 0x80) write(emulated, memory, bytes)
      else ask(emulated, memory, REQUESTS[what % REQUESTS.length] ?? 0, bytes)
    }
  },
}

function write(emulated: EmulatedFunction, memory: Memory, bytes: Uint8Array): void {
  const offset = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8)
  const value = bytes.subarray(2)
  if (offset + value.length > memory.config.length) return
  const ids = [...memory.config.subarray(0, 4)]
  writeConfigSpace(emulated, memory, offset, value, true)
  promise(
    ids.every((byte, i) => byte === memory.config[i]),
    'a write changed vendor and device',
  )
}

function ask(emulated: EmulatedFunction, memory: Memory, request: number, bytes: Uint8Array): void {
  const sent = bytes.slice()
  const kept = Buffer.from(memory.kept)
  promise(!/[^\x20-\x7e]/.test(describeIoctl(request, bytes)), 'a trace of several lines')
  const result = deviceIoctl(emulated, memory, request, bytes, KERNEL)
  promise(Number.isInteger(result) && result <= 0 && result > -4096, 'neither 0 nor an errno')
  promise(bytes.length === sent.length, 'another buffer')
  const isChanged = kept.compare(memory.kept) !== 0
  promise(
    !isChanged || (result === 0 && changesState(KERNEL, request, sent)),
    'a table that changed unasked',
  )
  if (request !== VFIO_DEVICE_FEATURE) return
  const right = expected(emulated, sent)
  promise(result === right, `the kernel would answer ${right}, not ${result}`)
}
