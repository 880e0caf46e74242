import { bindLibc } from './bind-libc.ts'
import type { Binding, CFunction, CType, CValue } from './binding.ts'
import type { Libc } from './libc.ts'
import { type Require, requirePackage } from './require.ts'

/** The part of ffi-napi in use; the package brings no types that fit an optional one. */
interface FfiNapi {
  readonly DynamicLibrary: new (path: null) => { get(symbol: string): Buffer }
  readonly ForeignFunction: (
    address: Buffer,
    result: CType,
    parameters: readonly CType[],
  ) => CFunction
  readonly errno: () => number
}

/** The part of ref-napi in use. */
interface RefNapi {
  readonly readPointer: (buffer: Buffer, offset: number, length: number) => Buffer
}

/**
 * Binds libc with ffi-napi and ref-napi, optional packages that compile when they are installed.
 *
 * @throws what `load` throws when one of them is not there
 */
export function loadFfiNapi(load: Require = requirePackage): Libc {
  return bindLibc(ffiNapiBinding(load('ffi-napi') as FfiNapi, load('ref-napi') as RefNapi))
}

function ffiNapiBinding(ffi: FfiNapi, ref: RefNapi): Binding {
  const library = new ffi.DynamicLibrary(null)
  return {
    name: 'ffi-napi',
    bind(symbol, result, parameters) {
      const call = ffi.ForeignFunction(library.get(symbol), result, parameters)
      return (...values) => call(...values.map(asBuffer))
    },
    errno: () => ffi.errno(),
    loadWords(address, words) {
      const memory = ref.readPointer(pointerTo(address), 0, words.byteLength)
      const source = new Uint32Array(memory.buffer, memory.byteOffset, words.length)
      // A typed array's own copy may use loads of any width; an atomic one is of its element's.
      for (let i = 0; i < words.length; i++) words[i] = Atomics.load(source, i)
    },
  }
}

/** The same bytes as the Buffer that ffi-napi insists on. */
function asBuffer(value: CValue): CValue {
  if (typeof value === 'number') return value
  return Buffer.from(value.buffer, value.byteOffset, value.length)
}

function pointerTo(address: number): Buffer {
  const pointer = Buffer.alloc(8)
  pointer.writeBigUInt64LE(BigInt(address))
  return pointer
}
