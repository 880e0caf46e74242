import { parseBdf } from '../args/bdf.ts'
import { setControl } from '../tph/control.ts'
import { type CommandSpec, DEVICE_ARGUMENT } from './spec.ts'

/** `tphctl disable DEVICE`. */
export const disable: CommandSpec = {
  arguments: [DEVICE_ARGUMENT],
  options: [],
  examples: ['disable 81:00.0'],
  run({ words: [word = ''] }, { host, dryRun }) {
    const bdf = parseBdf(word)
    const { value, error } = setControl(host(), bdf, null, dryRun)
    return { result: { kind: 'control', value }, error }
  },
}
