import { parseBdf } from '../args/bdf.ts'
import { gatherHost } from '../doctor/gather.ts'
import { UnsupportedError } from '../errors.ts'
import { jsonDocument } from '../format/render.ts'
import type { CommandSpec } from './spec.ts'

const DEFAULT_FOLDER = 'tphctl-gather'

/** `tphctl gather [DEVICE] [--to DIR]`. */
export const gather: CommandSpec = {
  arguments: [
    {
      name: '[device]',
      description: 'PCI address of the device it is about (default: every one with TPH)',
    },
  ],
  options: [
    {
      flags: '--to <dir>',
      description: `the folder to make, or an empty one (default: ${DEFAULT_FOLDER})`,
    },
  ],
  examples: [
    'gather --to bundle && tar czf bundle.tar.gz bundle',
    'gather 81:00.0 --to bundle && tphctl info 81:00.0 --root bundle',
  ],
  async run({ words: [word], options }, { host, dryRun }) {
    const bdf = word === undefined ? null : parseBdf(word)
    const opened = host()
    const directory = typeof options['to'] === 'string' ? options['to'] : DEFAULT_FOLDER
    const gathering = await opened.backend.gather?.()
    if (gathering === undefined) throw nothingThere()
    const doctor = await gatherHost({ ...opened, backend: gathering.backend }, bdf)
    if (!dryRun) {
      const report = jsonDocument(doctor, { backend: opened.backend.name })
      gathering.save(directory, { 'doctor.json': report })
    }
    const value = { directory, device: bdf, written: !dryRun, items: gathering.items() }
    return { result: { kind: 'gather', value } }
  },
}

function nothingThere(): UnsupportedError {
  const message = 'Cannot gather the emulated host: none of it lies in /sys or /proc'
  const hint = '"tphctl info DEVICE --hexdump" prints a device as --mock-host reads it'
  return new UnsupportedError(message, { hint })
}
