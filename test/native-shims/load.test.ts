import { describe, expect, it } from 'vitest'
import type { Libc } from '../../native-shims/libc.ts'
import { loadLibc } from '../../native-shims/load.ts'
import { type Require, requirePackage } from '../../native-shims/require.ts'
import { bindings } from './bindings.ts'

/** What needs a binding is skipped, with the reason, where that does not load. */
const withKoffi = it.skipIf(reasonWithout('koffi') !== '')
const withFfiNapi = it.skipIf(reasonWithout('ffi-napi') !== '')
const noKoffi = reasonWithout('koffi')
const noFfiNapi = reasonWithout('ffi-napi')

function reasonWithout(name: Libc['name']): string {
  const missing = bindings.find((binding) => binding.name === name && binding.libc === null)
  return missing === undefined ? '' : ` (${missing.reason})`
}

/** A `require` that lacks some packages and the parts of them, and says so as Node does. */
function without(...absent: readonly string[]): Require {
  return (name) => {
    if (!absent.some((one) => name === one || name.startsWith(`@koromix/${one}-`)))
      return requirePackage(name)
    throw new Error(`Cannot find module '${name}'\nRequire stack:\n- /some/where.js`)
  }
}

/** A `require` that must not be called. */
const never: Require = (name) => {
  throw new Error(`"${name}" was loaded`)
}

const EBADF = 9

describe('loadLibc()', () => {
  withKoffi.each(['koffi', 'auto', undefined])(`%s loads koffi${noKoffi}`, (wish) => {
    expect(loadLibc(wish).name).toBe('koffi')
  })

  withKoffi.each(['koffi', 'auto', undefined])(
    `%s does not touch ffi-napi where koffi loads${noKoffi}`,
    (wish) => {
      expect(loadLibc(wish, without('ffi-napi', 'ref-napi')).name).toBe('koffi')
    },
  )

  withKoffi(`koffi comes as its native part alone, which is enough${noKoffi}`, () => {
    const libc = loadLibc('koffi', (name) =>
      name === 'koffi' ? never(name) : requirePackage(name),
    )
    expect(libc.ioctlValue(-1, 0, 0)).toBe(-EBADF)
  })

  withKoffi(
    `koffi itself finds the native part where it does not lie as npm puts it${noKoffi}`,
    () => {
      const elsewhere: Require = (name) =>
        name.endsWith('.node') ? without(name)(name) : requirePackage(name)
      expect(loadLibc('koffi', elsewhere).ioctlValue(-1, 0, 0)).toBe(-EBADF)
    },
  )

  withFfiNapi(`ffi-napi loads ffi-napi, without koffi${noFfiNapi}`, () => {
    expect(loadLibc('ffi-napi', without('koffi')).name).toBe('ffi-napi')
  })

  withFfiNapi.each(['auto', undefined])(
    `%s falls back to ffi-napi where koffi is absent${noFfiNapi}`,
    (wish) => {
      expect(loadLibc(wish, without('koffi')).name).toBe('ffi-napi')
    },
  )

  it.each(['auto', undefined])('%s names both and why when neither loads', (wish) => {
    expect(() => loadLibc(wish, without('koffi', 'ffi-napi', 'ref-napi'))).toThrow(
      new Error(
        "Cannot load a native binding: koffi: Cannot find module 'koffi'; ffi-napi: Cannot find module 'ffi-napi'",
      ),
    )
  })

  withFfiNapi(`ffi-napi needs ref-napi as well${noFfiNapi}`, () => {
    expect(() => loadLibc('ffi-napi', without('ref-napi'))).toThrow(
      new Error("Cannot load a native binding: ffi-napi: Cannot find module 'ref-napi'"),
    )
  })

  it.each(['koffi', 'ffi-napi'])('%s falls back to nothing', (wish) => {
    expect(() => loadLibc(wish, without(wish))).toThrow(
      new Error(`Cannot load a native binding: ${wish}: Cannot find module '${wish}'`),
    )
  })

  it.each(['', 'KOFFI', 'koffi ', 'ref-napi', 'constructor'])('refuses "%s"', (wish) => {
    expect(() => loadLibc(wish, never)).toThrow(
      new RangeError(
        `Cannot load native binding "${wish}": expected "auto", "koffi" or "ffi-napi"`,
      ),
    )
  })

  it('says what a package that is there but broken threw', () => {
    const broken: Require = (name) => {
      throw `no ${name} for this machine`
    }
    expect(() => loadLibc('koffi', broken)).toThrow('koffi: no koffi for this machine')
  })
})
