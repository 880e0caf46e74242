import { openSync } from 'node:fs'
import { loadLibc } from '../../native-shims/load.ts'
import { type Require, requirePackage } from '../../native-shims/require.ts'

const VFIO_DEVICE_FEATURE = 0x3b75
const ENOTTY = 25
const FEATURE = Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0)

/** koffi found by its own JavaScript, for comparison. */
const throughItsEntry: Require = (name) => {
  if (name.endsWith('.node')) throw new Error('not by this way')
  return requirePackage(name)
}

// Loads what a host is called through, and makes one call that fails as it must.
const load = process.env['BENCH_KOFFI'] === 'entry' ? throughItsEntry : requirePackage
const libc = loadLibc('koffi', load)
const result = libc.ioctl(openSync('/dev/null', 'r+'), VFIO_DEVICE_FEATURE, FEATURE)
if (result !== -ENOTTY) throw new Error(`the ioctl came to ${result}`)
