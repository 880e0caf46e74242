import type { Libc } from '../../../native-shims/libc.ts'
import { loadLibc } from '../../../native-shims/load.ts'

/** The libc of this machine, or why there is none. */
export const real: Libc | string = load()

/** For the name of a suite that needs it: why it is skipped. */
export const skipped: string = typeof real === 'string' ? ` (skipped: ${real})` : ''

function load(): Libc | string {
  try {
    return loadLibc(undefined)
  } catch (error) {
    return String(error)
  }
}
