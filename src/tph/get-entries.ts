import { UsageError } from '../errors.ts'
import { checkIndexes } from './check-indexes.ts'
import { guardDevice } from './guard.ts'
import { type Host, type TphFunction, withDevice } from './host.ts'
import { isCurrent, knownEntries, readEntries } from './known.ts'
import { LedgerStore } from './ledger.ts'
import type { Ledger } from './ledger-format.ts'
import type { GetResult } from './results.ts'

/**
 * Entries with their tags, and their CPUs where the ledger knows them.
 *
 * @param indexes null for the whole table
 * @throws UsageError when an index is beyond the table, or none is given where there is no table
 */
export function getEntries(
  host: Host,
  found: TphFunction,
  indexes: readonly number[] | null,
): GetResult {
  const wanted = indexes?.toSorted((a, b) => a - b) ?? wholeTable(found)
  checkIndexes(found, wanted)
  return withDevice(host, found.fn, (device) => {
    guardDevice(host, found, device, ['get'])
    const known = knownEntries(currentLedger(host, found))
    const entries = readEntries(device, wanted, known)
    if (indexes === null) return { device: found.fn.bdf, entries }
    const byIndex = new Map(entries.map((entry) => [entry.index, entry]))
    return {
      device: found.fn.bdf,
      entries: indexes.flatMap((index) => byIndex.get(index) ?? []),
    }
  })
}

function wholeTable({ fn, tph }: TphFunction): number[] {
  if (tph.stLocation === 'none') {
    throw new UsageError(
      'Cannot get all entries: the device has no ST table, so name their INDEXES',
      {
        device: fn.bdf,
        hint: 'the kernel keeps entries 0-2047 for such a device',
      },
    )
  }
  return Array.from({ length: tph.stEntries }, (_, i) => i)
}

/** The ledger of a device if it holds. One that cannot be read costs only the CPUs behind the tags. */
export function currentLedger({ backend, notices }: Host, { fn }: TphFunction): Ledger | null {
  try {
    const ledger = new LedgerStore(backend.ledger, notices).read(fn.bdf)
    return ledger !== null && isCurrent(ledger, backend, backend.requireOwner(fn.bdf))
      ? ledger
      : null
  } catch (error) {
    notices.note(`${fn.bdf}: CPUs are not known: ${(error as Error).message}`)
    return null
  }
}
