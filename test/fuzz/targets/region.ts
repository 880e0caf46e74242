import type { Libc } from '../../../native-shims/libc.ts'
import { isMappable, readRegion } from '../../../src/backend/linux/vfio-region.ts'
import { promise, type Target } from '../target.ts'

const INFO = 32

/** A libc whose kernel answers every call with these bytes. */
function answering(answer: Uint8Array): Pick<Libc, 'ioctl'> {
  return {
    ioctl(_fd, _request, argument) {
      argument.set(answer.subarray(0, argument.length))
      return 0
    },
  }
}

function answer(argsz: number, flags: number, capOffset: number, rest: readonly number[]): Buffer {
  const bytes = Buffer.alloc(INFO + 4 * rest.length)
  for (const [i, value] of [argsz, flags, 1, capOffset].entries()) bytes.writeUInt32LE(value, 4 * i)
  bytes.writeBigUInt64LE(0x10000n, 16)
  bytes.writeBigUInt64LE(1n << 40n, 24)
  for (const [i, value] of rest.entries()) bytes.writeUInt32LE(value, INFO + 4 * i)
  return bytes
}

/** What a kernel says of a region, its chain of capabilities included. */
export const regionInfo: Target = {
  name: 'region-info',
  share: 10,
  longest: 160,
  microsecondsPerByte: 4,
  seeds: () => [
    answer(32, 0xf, 0, []),
    answer(64, 0xf, 32, [0x10001, 0, 1, 0, 0, 0, 0x1000, 0]),
    answer(80, 0xf, 32, [0x10003, 40, 0x10001, 0, 1, 0, 0x1000, 0, 0x1000, 0]),
  ],
  words: ['\x01\x00\x01\x00', '\x03\x00\x01\x00', '\x20\x00\x00\x00'],
  run(input) {
    const region = readRegion(answering(input) as Libc, 3, 1)
    if (typeof region === 'number') return
    promise(region.mappable.length <= 4096, 'areas without end')
    promise(region.size >= 0 && region.offset >= 0, 'a region before the file')
    isMappable(region, 0, 4096)
  },
}
