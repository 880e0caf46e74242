import { loadFfiNapi } from './ffi-napi.ts'
import { loadKoffi } from './koffi.ts'
import type { Libc } from './libc.ts'
import { type Require, requirePackage } from './require.ts'

const LOADERS = { koffi: loadKoffi, 'ffi-napi': loadFfiNapi } as const

/**
 * Loads libc through the wished binding.
 *
 * @param wish `koffi`, `ffi-napi`, or `auto` and undefined: koffi or, where that does not load, ffi-napi
 * @throws RangeError when the wish is none of these
 * @throws Error with every reason when nothing loads
 */
export function loadLibc(wish: string | undefined, load: Require = requirePackage): Libc {
  const reasons: string[] = []
  for (const name of candidates(wish)) {
    try {
      return LOADERS[name](load)
    } catch (error) {
      reasons.push(`${name}: ${reasonOf(error)}`)
    }
  }
  throw new Error(`Cannot load a native binding: ${reasons.join('; ')}`)
}

function candidates(wish = 'auto'): readonly Libc['name'][] {
  if (wish === 'auto') return ['koffi', 'ffi-napi']
  if (wish === 'koffi' || wish === 'ffi-napi') return [wish]
  throw new RangeError(
    `Cannot load native binding "${wish}": expected "auto", "koffi" or "ffi-napi"`,
  )
}

/** The first line: Node appends the stack of requires to what it could not find. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0] ?? message
}
