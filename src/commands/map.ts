import { parseBdf } from '../args/bdf.ts'
import { findFunction } from '../tph/host.ts'
import { lookAt } from '../tph/look.ts'
import { mapOf } from '../tph/map.ts'
import { type CommandSpec, DEVICE_ARGUMENT } from './spec.ts'

/** `tphctl map DEVICE`. */
export const map: CommandSpec = {
  arguments: [DEVICE_ARGUMENT],
  options: [],
  examples: ['map 81:00.0', 'map 81:00.0 --json | jq -r .entries.far'],
  run({ words: [word = ''] }, { host }) {
    const bdf = parseBdf(word)
    const opened = host()
    return { result: { kind: 'map', value: mapOf(lookAt(opened, findFunction(opened, bdf))) } }
  },
}
