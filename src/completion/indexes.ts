import { parseIndexList } from '../args/cpu-list.ts'

const NUMBER = /^\d{1,5}$/
const RANGE = /^(\d{1,5})-(\d{0,5})$/

/**
 * INDEXES that begin with `typed`: the entries that follow those already named, up to the last.
 *
 * @param count how many entries the device's table has
 * @throws UsageError when what stands before the last comma does not parse
 */
export function completeIndexes(typed: string, count: number): string[] {
  const start = typed.lastIndexOf(',') + 1
  const before = typed.slice(0, start)
  return completePart(typed.slice(start), nextIndex(before), count - 1).map((part) => before + part)
}

function completePart(part: string, next: number, last: number): string[] {
  if (part === '') return rangeTo(last, next)
  if (NUMBER.test(part)) {
    const all = rangeTo(last, Number(part))
    return all.length === 0 || all.includes(part) ? all : [part, ...all]
  }
  const [, from, to] = RANGE.exec(part) ?? []
  if (from === undefined || to === undefined) return []
  const all = rangeTo(last, Number(from))
  return Number(to) >= Number(from) && Number(to) < last && to !== '' ? [part, ...all] : all
}

/** From an index to the last one, where it is in the table. */
function rangeTo(last: number, from: number): string[] {
  if (from > last) return []
  return [from === last ? `${from}` : `${from}-${last}`]
}

function nextIndex(before: string): number {
  return before === '' ? 0 : Math.max(...parseIndexList(before.slice(0, -1))) + 1
}
