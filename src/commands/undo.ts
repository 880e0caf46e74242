import { parseBdf } from '../args/bdf.ts'
import { undoDevice } from '../tph/undo.ts'
import { lastChanged, undoDevices } from '../tph/undo-many.ts'
import type { CommandSpec } from './spec.ts'

/** `tphctl undo [DEVICE]`. */
export const undo: CommandSpec = {
  arguments: [
    {
      name: '[device]',
      description:
        'undo the last change of this device (default: of all that the last command changed)',
      check: parseBdf,
    },
  ],
  options: [],
  examples: ['undo', 'undo 81:00.0'],
  run({ words: [word] }, { host, dryRun, notices }) {
    if (word !== undefined) {
      const { result: value, error } = undoDevice(host(), parseBdf(word), dryRun)
      return { result: { kind: 'set', value }, error }
    }
    const opened = host()
    const last = lastChanged(opened)
    if (last.devices.length + last.unreadable.length === 0)
      notices.note('nothing to undo in this boot')
    const { devices, error } = undoDevices(opened, last, dryRun)
    return { result: { kind: 'sets', value: { devices } }, error }
  },
}
