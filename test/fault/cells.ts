import { errnosOf } from './errnos.ts'
import { type Call, type Fault, keyOf } from './injector.ts'

/**
 * The faults to try on a command, from the calls that it made without one: each kind of call about each object, at its first, middle
 * and last occurrence, with every errno that it can fail with.
 *
 * @throws RangeError for a kind of call of which nobody has said how it can fail
 */
export function faultsOf(calls: readonly Call[]): Fault[] {
  return [...groups(calls).values()].flatMap(({ call, count }) => {
    const occurrences = new Set([1, Math.ceil(count / 2), count])
    return [...occurrences].flatMap((occurrence) =>
      errnosOf(call).map((errno) => ({ ...call, occurrence, errno })),
    )
  })
}

/** One of them for each kind of call and errno; which one is the same in every run. */
export function sampleOf(faults: readonly Fault[], seed: string): Fault[] {
  const byKind = new Map<string, Fault[]>()
  for (const fault of faults) {
    const key = `${fault.kind} ${fault.errno}`
    byKind.set(key, [...(byKind.get(key) ?? []), fault])
  }
  return [...byKind].flatMap(([key, some]) => some[hash(`${seed} ${key}`) % some.length] ?? [])
}

function groups(calls: readonly Call[]): Map<string, { readonly call: Call; count: number }> {
  const found = new Map<string, { readonly call: Call; count: number }>()
  for (const call of calls) {
    const group = found.get(keyOf(call)) ?? { call, count: 0 }
    group.count++
    found.set(keyOf(call), group)
  }
  return found
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}
