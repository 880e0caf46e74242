import { parseBdf } from '../args/bdf.ts'
import { findTphFunction } from '../tph/host.ts'
import { verifyDevice } from '../tph/verify.ts'
import { type CommandSpec, DEVICE_ARGUMENT } from './spec.ts'

/** `tphctl verify DEVICE`. */
export const verify: CommandSpec = {
  arguments: [DEVICE_ARGUMENT],
  options: [],
  examples: ['verify 81:00.0'],
  run({ words: [word = ''] }, { host }) {
    const bdf = parseBdf(word)
    const opened = host()
    const { value, error } = verifyDevice(opened, findTphFunction(opened, bdf))
    return { result: { kind: 'verify', value }, error }
  },
}
