import type { Backend, Owner } from '../backend/types.ts'
import type { KnownEntry, Ledger } from './ledger-format.ts'
import type { EntryInfo } from './results.ts'
import type { TphDevice } from './tph-device.ts'

/** What the ledger knows of entries, by index. */
export type KnownEntries = ReadonlyMap<number, KnownEntry>

/** Whether a ledger speaks of this boot and this owner; of another one's tags nothing is left. */
export function isCurrent(ledger: Ledger, { bootId }: Backend, owner: Owner | null): boolean {
  return (
    ledger.bootId === bootId &&
    ledger.owner.pid === owner?.pid &&
    ledger.owner.startTime === owner.startTime
  )
}

/** The entries of a current ledger by index; none without one. */
export function knownEntries(ledger: Ledger | null): KnownEntries {
  return new Map(ledger?.entries.map((entry) => [entry.index, entry]))
}

/** Tags of entries, in the order of `indexes`. @param indexes in ascending order */
export function readTags(device: TphDevice, indexes: readonly number[]): number[] {
  return device.readTags(indexes)
}

/** Entries with their tags and, where the ledger's tag is still the one there, their CPUs. */
export function readEntries(
  device: TphDevice,
  indexes: readonly number[],
  known: KnownEntries,
): EntryInfo[] {
  return readTags(device, indexes).map((st, i) => explain(indexes[i] ?? 0, st, known))
}

function explain(index: number, st: number, known: KnownEntries): EntryInfo {
  const entry = known.get(index)
  const holds = entry !== undefined && entry.st === st && st !== 0
  return {
    index,
    st,
    cpu: holds ? entry.cpu : null,
    memoryType: holds ? entry.memoryType : null,
  }
}
