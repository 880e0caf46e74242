import { UsageError } from '../errors.ts'
import { parseCpuList, parseIndexList } from './cpu-list.ts'
import { parseInteger } from './integer.ts'
import { quote } from './quote.ts'

/** TPH's memory types: volatile (`vm`) and persistent (`pm`) memory; a CPU has a tag for each. */
export type MemoryType = 'vm' | 'pm'

/** The CPUS of an ENTRY: a list as written, a NUMA node, an L3 domain, the device's own CPUs, or none (clears). */
export type CpuSelector =
  | { readonly kind: 'list'; readonly cpus: readonly number[] }
  | { readonly kind: 'node'; readonly node: number }
  | { readonly kind: 'l3'; readonly l3: number }
  | { readonly kind: 'local' }
  | { readonly kind: 'none' }

/** One ENTRY, parsed but not yet matched with the CPUs of a machine. */
export interface Entry {
  /** The ENTRY as written, for messages. */
  readonly word: string
  /** ST table indexes in the order written, each once. */
  readonly indexes: readonly number[]
  readonly cpus: CpuSelector
  /** Null when not given. */
  readonly memoryType: MemoryType | null
}

/** NUMA node numbers go up to MAX_NUMNODES, far below this. */
const MAX_NODE = 65535

/** The `id` of a cache in sysfs is 32 bits wide. */
const MAX_L3 = 0xffff_ffff

const ENTRY_FORM = 'expected INDEXES=CPUS[@vm|@pm] such as 0-3=8-11'

/**
 * Parses CPUS: a CPU list, `node:N`, `l3:N`, `local`, and `none` where `allowNone` is set.
 * @throws UsageError naming the word and what would be right
 */
export function parseCpuSelector(word: string, options = { allowNone: false }): CpuSelector {
  const first = word.charCodeAt(0)
  if (first >= 0x30 && first <= 0x39) return { kind: 'list', cpus: parseCpuList(word) }
  if (word === 'local') return { kind: 'local' }
  if (word === 'none' && options.allowNone) return { kind: 'none' }
  if (word.startsWith('node:')) {
    return { kind: 'node', node: parseInteger(word.slice(5), 'NUMA node', 0, MAX_NODE) }
  }
  if (word.startsWith('l3:')) {
    return { kind: 'l3', l3: parseInteger(word.slice(3), 'L3 domain', 0, MAX_L3) }
  }
  const names = options.allowNone ? 'node:N, l3:N, local or none' : 'node:N, l3:N or local'
  throw malformed('CPUS', word, `expected a CPU list such as 0-3,8, or ${names}`)
}

/** Parses a memory type. @throws UsageError unless it is `vm` or `pm` */
export function parseMemoryType(word: string): MemoryType {
  if (word === 'vm' || word === 'pm') return word
  throw malformed('memory type', word, 'expected vm or pm')
}

/**
 * Parses an ENTRY, `INDEXES=CPUS[@vm|@pm]`. Whether there are as many CPUs as indexes is not checked here.
 * @throws UsageError naming the ENTRY, or the part of it that is wrong
 */
export function parseEntry(word: string): Entry {
  const equals = word.indexOf('=')
  const at = word.indexOf('@', equals + 1)
  const end = at < 0 ? word.length : at
  if (equals < 1 || end === equals + 1) throw malformed('ENTRY', word, ENTRY_FORM)
  if (word.includes('=', equals + 1)) throw malformed('ENTRY', word, 'more than one =')
  const indexes = parseIndexList(word.slice(0, equals))
  const cpus = parseCpuSelector(word.slice(equals + 1, end), CLEARABLE)
  const memoryType = at < 0 ? null : parseMemoryType(word.slice(at + 1))
  if (cpus.kind === 'none' && memoryType !== null) {
    throw malformed('ENTRY', word, 'none takes no memory type')
  }
  return { word, indexes, cpus, memoryType }
}

const CLEARABLE = { allowNone: true }

function malformed(what: string, word: string, right: string): UsageError {
  return new UsageError(`Cannot parse ${what} ${quote(word)}: ${right}`)
}
