import type { StateRecord } from './journal-format.ts'

/**
 * Leaves out every record that a later one of the same memory overwrites entirely. Replaying what is left gives the same state.
 */
export function compact(records: readonly StateRecord[]): StateRecord[] {
  const later = new Map<string, { start: number; end: number }[]>()
  const kept: StateRecord[] = []
  for (const record of records.toReversed()) {
    const key = `${record.host} ${record.bdf} ${record.region}`
    const spans = later.get(key) ?? []
    const [start, end] = [record.offset, record.offset + record.bytes.length]
    if (spans.some((span) => span.start <= start && end <= span.end)) continue
    later.set(key, [...spans, { start, end }])
    kept.push(record)
  }
  return kept.reverse()
}
