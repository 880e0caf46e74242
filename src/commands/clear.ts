import { parseBdf } from '../args/bdf.ts'
import { parseIndexList } from '../args/cpu-list.ts'
import { planClear } from '../tph/plan-set.ts'
import { programOne } from './program-plans.ts'
import { type CommandSpec, DEVICE_ARGUMENT } from './spec.ts'

/** `tphctl clear DEVICE INDEXES`. */
export const clear: CommandSpec = {
  arguments: [
    DEVICE_ARGUMENT,
    { name: '<indexes>', description: 'entries, such as 0-3,8', check: parseIndexList },
  ],
  options: [],
  examples: ['clear 81:00.0 0-63'],
  run({ words: [word = '', list = ''] }, context) {
    const bdf = parseBdf(word)
    const indexes = parseIndexList(list)
    return programOne(context, planClear(context.host(), bdf, indexes), 'clear')
  },
}
