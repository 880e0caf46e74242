import { bindLibc } from './bind-libc.ts'
import type { Binding, CFunction, CType } from './binding.ts'
import type { Libc } from './libc.ts'
import { type Require, requirePackage } from './require.ts'

type Koffi = typeof import('koffi')

/** Binds libc with koffi. @throws what `load` throws when koffi is not there */
export function loadKoffi(load: Require = requirePackage): Libc {
  return bindLibc(koffiBinding(loadNative(load) ?? (load('koffi') as Koffi)))
}

/**
 * The native part of koffi alone: what finds it takes five times as long to load, and adds nothing that is used here.
 *
 * @returns null where it is not, or not for this C library; koffi itself then knows where to look
 */
function loadNative(load: Require): Koffi | null {
  const target = `linux_${process.arch}`
  try {
    return load(`@koromix/koffi-linux-${process.arch}/${target}/koffi.node`) as Koffi
  } catch {
    return null
  }
}

function koffiBinding(koffi: Koffi): Binding {
  const library = koffi.load(null)
  return {
    name: 'koffi',
    bind: (symbol, result, parameters): CFunction =>
      library.func(symbol, result, parameters.map(koffiType)),
    errno: () => koffi.errno(),
    loadWords(address, words) {
      const start = BigInt(address)
      for (let i = 0; i < words.length; i++) words[i] = koffi.decode.uint32(start + BigInt(4 * i))
    },
  }
}

function koffiType(type: CType): string {
  return type === 'pointer' ? 'void *' : type
}
