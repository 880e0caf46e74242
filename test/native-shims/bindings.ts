import { describe } from 'vitest'
import { loadFfiNapi } from '../../native-shims/ffi-napi.ts'
import { loadKoffi } from '../../native-shims/koffi.ts'
import type { Libc } from '../../native-shims/libc.ts'

interface Loaded {
  readonly name: Libc['name']
  readonly libc: Libc | null
  readonly reason: string
}

/** Both bindings, with the reason where one does not load here. */
export const bindings: readonly Loaded[] = [
  tryToLoad('koffi', loadKoffi),
  tryToLoad('ffi-napi', loadFfiNapi),
]

function tryToLoad(name: Libc['name'], load: () => Libc): Loaded {
  try {
    return { name, libc: load(), reason: '' }
  } catch (error) {
    return { name, libc: null, reason: String(error).split('\n', 1)[0] ?? '' }
  }
}

/**
 * Describes one suite for every binding. koffi is a dependency and has to load; the other is optional, and its suite is skipped
 * with the reason where it is not installed.
 */
export function describeBindings(title: string, suite: (libc: Libc) => void): void {
  for (const { name, libc, reason } of bindings) {
    if (libc === null && name === 'koffi') throw new Error(`koffi does not load: ${reason}`)
    if (libc !== null) describe(`${title} (${name})`, () => suite(libc))
    // Only collects the tests' names: no test runs, so nothing is called.
    else describe.skip(`${title} (${name}: ${reason})`, () => suite({ name } as Libc))
  }
}
