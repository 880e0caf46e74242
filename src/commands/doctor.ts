import { parseBdf } from '../args/bdf.ts'
import { examineDevice, examineHost } from '../doctor/doctor.ts'
import { findFunction } from '../tph/host.ts'
import type { CommandSpec } from './spec.ts'

/** `tphctl doctor [DEVICE]`. */
export const doctor: CommandSpec = {
  arguments: [
    {
      name: '[device]',
      description: 'PCI address of the device to examine (default: the host, and all in short)',
    },
  ],
  options: [],
  examples: ['doctor', 'doctor 81:00.0 && echo "tags can be set"'],
  async run({ words: [word] }, { host }) {
    const bdf = word === undefined ? null : parseBdf(word)
    const opened = host()
    const { value, error } =
      bdf === null
        ? await examineHost(opened)
        : await examineDevice(opened, findFunction(opened, bdf))
    return { result: { kind: 'doctor', value }, error }
  },
}
