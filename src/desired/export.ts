import { formatNumberList } from '../args/cpu-list.ts'
import type { Assignment } from '../topology/assignments.ts'
import type { Host, TphFunction } from '../tph/host.ts'
import type { EntryInfo } from '../tph/results.ts'
import { indexOf } from '../tph/runs.ts'
import { readPresent } from './difference.ts'
import { entryTexts } from './entry-text.ts'
import type { ExportedDevice } from './results.ts'

/**
 * A device as it is, as desired state: every entry that is clear or whose CPU is known. A tag of which nobody knows the CPU cannot be
 * asked for; such entries are left out, with a note.
 *
 * @throws what looking at the device throws
 */
export function exportDevice(host: Host, found: TphFunction): ExportedDevice {
  const { bdf: device, vendorId: vendor, deviceId } = found.fn
  const { entries, control } = readPresent(host, found, null)
  const unknown = entries.filter(({ st, cpu }) => st !== 0 && cpu === null)
  if (unknown.length > 0) {
    const list = formatNumberList(unknown.map(indexOf))
    host.notices.note(
      `${device}: ${unknown.length} entries left out, the CPUs behind their tags are not known: ${list}`,
    )
  }
  const mode = control.requester === 'off' ? 'off' : control.mode
  if (mode === 'reserved' || control.requester === 'reserved') {
    host.notices.note(`${device}: its mode is left out: the control register has a reserved value`)
  }
  const isMode = mode !== 'reserved' && control.requester !== 'reserved'
  return {
    device,
    vendor,
    deviceId,
    ...(isMode ? { mode } : {}),
    entries: entryTexts(entries.flatMap(assignmentOf)),
  }
}

function assignmentOf({ index, st, cpu, memoryType }: EntryInfo): Assignment[] {
  if (st === 0) return [{ index, cpu: null, memoryType: 'vm' }]
  return cpu === null || memoryType === null ? [] : [{ index, cpu, memoryType }]
}
