import { RefusedError, UsageError } from '../errors.ts'
import { checkIndexes } from './check-indexes.ts'
import type { EntryTable } from './entry-table.ts'
import { guardDevice } from './guard.ts'
import { type Host, type TphFunction, withDevice } from './host.ts'
import { isCurrent, knownEntries, readEntries } from './known.ts'
import { LedgerStore } from './ledger.ts'
import type { Ledger } from './ledger-format.ts'
import type { EntryInfo, GetResult } from './results.ts'
import type { TphDevice } from './tph-device.ts'

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
    guardDevice(host, found, device, 'look')
    const known = knownEntries(currentLedger(host, found))
    const { entries, ...source } =
      device.kernel.keeper === 'kernel'
        ? { entries: readEntries(device, wanted, known) }
        : readOrRecall(host, device, wanted, known)
    if (indexes === null) return { device: found.fn.bdf, entries, ...source }
    const byIndex = new Map(entries.map((entry) => [entry.index, entry]))
    return {
      device: found.fn.bdf,
      entries: indexes.flatMap((index) => byIndex.get(index) ?? []),
      ...source,
    }
  })
}

/**
 * The same where the kernel keeps no tags: they are read from the device's own table or, where that cannot be read, are those that the
 * ledger has, if it has all. Says which.
 */
function readOrRecall(
  { notices }: Host,
  device: TphDevice,
  indexes: readonly number[],
  known: EntryTable,
): Required<Pick<GetResult, 'entries' | 'source'>> {
  const because = `${device.bdf}: ${device.kernel.name} has no call that reads entries`
  try {
    const entries = readEntries(device, indexes, known)
    notices.note(`${because}: these are of the device's own table, their CPUs of tphctl's ledger`)
    return { entries, source: 'device' }
  } catch (error) {
    const recalled: EntryInfo[] = indexes.flatMap((index) => known.get(index) ?? [])
    if (!(error instanceof RefusedError) || recalled.length < indexes.length) throw error
    notices.note(`${because}: these are of tphctl's ledger, as they were set. ${error.message}`)
    return { entries: recalled, source: 'ledger' }
  }
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
