import { parseBdf } from '../args/bdf.ts'
import { parseIndexList } from '../args/cpu-list.ts'
import { getEntries } from '../tph/get-entries.ts'
import { findTphFunction } from '../tph/host.ts'
import { type CommandSpec, DEVICE_ARGUMENT } from './spec.ts'

/** `tphctl get DEVICE [INDEXES]`. */
export const get: CommandSpec = {
  arguments: [
    DEVICE_ARGUMENT,
    {
      name: '[indexes]',
      description: 'entries, such as 0-3,8 (default: all; needed where there is no ST table)',
      check: parseIndexList,
    },
  ],
  options: [],
  examples: ['get 81:00.0', 'get 81:00.0 0-7 -o ndjson'],
  run({ words: [word = '', list] }, { host }) {
    const bdf = parseBdf(word)
    const indexes = list === undefined ? null : parseIndexList(list)
    const opened = host()
    const value = getEntries(opened, findTphFunction(opened, bdf), indexes)
    return { result: { kind: 'get', value } }
  },
}
