import { parseBdf } from '../args/bdf.ts'
import { describeDevice } from '../tph/describe.ts'
import { hexdump } from '../tph/hexdump.ts'
import { findFunction } from '../tph/host.ts'
import { type CommandSpec, DEVICE_ARGUMENT } from './spec.ts'

/** `tphctl info DEVICE`. */
export const info: CommandSpec = {
  arguments: [DEVICE_ARGUMENT],
  options: [
    { flags: '--hexdump', description: 'print its config space in the form of "lspci -D -xxxx"' },
  ],
  examples: ['info 81:00.0', 'info 81:00.0 --hexdump > dump && lspci -vvv -F dump'],
  run({ words: [word = ''], options }, { host }) {
    const bdf = parseBdf(word)
    const opened = host()
    const fn = findFunction(opened, bdf)
    if (options['hexdump'] === true) return { result: { kind: 'hexdump', value: hexdump(fn) } }
    return { result: { kind: 'info', value: describeDevice(opened, fn) } }
  },
}
