import type { Backend, Owner } from '../backend/types.ts'
import { EntryTable, EntryTableBuilder } from './entry-table.ts'
import type { Ledger } from './ledger-format.ts'
import type { EntryInfo } from './results.ts'
import type { TphDevice } from './tph-device.ts'

/** Whether a ledger speaks of this boot and this owner; of another one's tags nothing is left. */
export function isCurrent(ledger: Ledger, { bootId }: Backend, owner: Owner | null): boolean {
  return (
    ledger.bootId === bootId &&
    ledger.owner.pid === owner?.pid &&
    ledger.owner.startTime === owner.startTime
  )
}

/** The entries that a current ledger knows the CPUs of; none without one. */
export function knownEntries(ledger: Ledger | null): EntryTable {
  return ledger?.entries ?? EntryTable.EMPTY
}

/** Tags of entries, in the order of `indexes`. @param indexes in ascending order */
export function readTags(device: TphDevice, indexes: ArrayLike<number>): number[] {
  return device.readTags(indexes)
}

/** Entries with their tags and, where the ledger's tag is still the one there, their CPUs. @param indexes in ascending order */
export function readEntries(
  device: TphDevice,
  indexes: readonly number[],
  known: EntryTable,
): EntryInfo[] {
  const tags = readTags(device, indexes)
  return indexes.map((index, i) => {
    const st = tags[i] ?? 0
    const place = placeBehind(known, index, st)
    return place < 0 ? { index, st, cpu: null, memoryType: null } : known.at(place)
  })
}

/** The same as a table, of indexes that come once. */
export function readTable(
  device: TphDevice,
  indexes: ArrayLike<number>,
  known: EntryTable,
): EntryTable {
  const tags = readTags(device, indexes)
  const table = new EntryTableBuilder(indexes.length)
  for (let i = 0; i < indexes.length; i++) {
    const [index, st] = [indexes[i] ?? 0, tags[i] ?? 0]
    const place = placeBehind(known, index, st)
    table.add(index, st, known.cpuAt(place), known.memoryTypeAt(place))
  }
  return table.finish()
}

/** Where the table knows the CPU behind a tag; -1 where it does not. */
function placeBehind(known: EntryTable, index: number, st: number): number {
  const place = st === 0 ? -1 : known.find(index)
  return known.tags[place] === st ? place : -1
}
