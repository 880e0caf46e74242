import { parseBdf } from '../args/bdf.ts'
import { aboutDevice } from '../errors.ts'
import { probeDevice } from '../tph/probe.ts'
import { type CommandSpec, DEVICE_ARGUMENT } from './spec.ts'

/** `tphctl probe DEVICE`. */
export const probe: CommandSpec = {
  arguments: [DEVICE_ARGUMENT],
  options: [],
  examples: ['probe 81:00.0 && echo "steering works here"'],
  run({ words: [word = ''] }, { host }) {
    const bdf = parseBdf(word)
    const { value, error } = probeDevice(host(), bdf)
    return { result: { kind: 'probe', value }, error: error && aboutDevice(bdf, error) }
  },
}
