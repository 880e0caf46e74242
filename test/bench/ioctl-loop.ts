import { openSync } from 'node:fs'
import { loadLibc } from '../../native-shims/load.ts'

// What an ioctl that fails costs through koffi, errno included: nanoseconds a call, the least of some rounds.

const VFIO_DEVICE_FEATURE = 0x3b75
const ENOTTY = 25
const [calls = 0, rounds = 0] = process.argv.slice(2).map(Number)

const libc = loadLibc('koffi')
const fd = openSync('/dev/null', 'r+')
const feature = Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0)
let least = Number.POSITIVE_INFINITY
for (let round = 0; round < rounds; round++) {
  const start = process.hrtime.bigint()
  for (let i = 0; i < calls; i++) {
    if (libc.ioctl(fd, VFIO_DEVICE_FEATURE, feature) !== -ENOTTY) throw new Error('not ENOTTY')
  }
  least = Math.min(least, Number(process.hrtime.bigint() - start) / calls)
}
process.stdout.write(`${least.toFixed(1)}\n`)
