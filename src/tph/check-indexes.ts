import { MAX_ST_ENTRIES } from '../abi/tph-st.ts'
import { UnsupportedError, UsageError } from '../errors.ts'
import { type TphFunction, tableEntries } from './host.ts'

/**
 * Makes sure that every index is one of the device's table.
 *
 * @throws UsageError naming the index and the table's size; UnsupportedError when the capability's table cannot be used
 */
export function checkIndexes(found: TphFunction, indexes: readonly number[] | Uint16Array): void {
  const { fn, tph } = found
  const entries = tableEntries(found)
  if (entries === 0) {
    const why =
      tph.stLocation === 'reserved'
        ? 'its ST table location is reserved'
        : 'its ST table has no entry'
    throw new UnsupportedError(`Cannot use ST entries: ${why}`, { device: fn.bdf })
  }
  const beyond = indexes.find((index) => index >= entries)
  if (beyond === undefined) return
  const size =
    tph.stLocation === 'none'
      ? `the kernel keeps ${MAX_ST_ENTRIES} entries for a device without an ST table`
      : `the device's ST table has ${entries} ${entries === 1 ? 'entry' : 'entries'}`
  const right = entries === 1 ? '0' : `0-${entries - 1}`
  throw new UsageError(`Cannot use index ${beyond}: ${size}, ${right}`, { device: fn.bdf })
}
