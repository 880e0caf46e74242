import type { Context } from '../context.ts'
import { applyDesiredState, diffDesiredState } from '../desired/apply.ts'
import type { DesiredState } from '../desired/desired-state.ts'
import { parseDesiredState } from '../desired/parse.ts'
import { DEFAULT_FOLDER, readTexts } from '../desired/texts.ts'
import type { CommandSpec } from './spec.ts'

/** `tphctl apply [FILE…]`. */
export const apply: CommandSpec = {
  arguments: [
    {
      name: '[files...]',
      description: `desired state as YAML or JSON; - is standard input (default: ${DEFAULT_FOLDER}/*.yaml, *.yml and *.json)`,
    },
  ],
  options: [
    { flags: '--diff', description: 'show what differs from the desired state; send nothing' },
    { flags: '--owned', description: 'leave out devices that nobody owns' },
  ],
  examples: [
    'apply',
    'apply /etc/tphctl.d/nic.yaml --diff',
    'apply /etc/tphctl.d/nic.yaml --dry-run',
  ],
  async run({ words, options }, context) {
    const state = await parseDesiredState(readTexts(words, context.io))
    const host = context.host()
    const meant = options['owned'] === true ? leaveOutUnowned(state, context) : state
    if (options['diff'] === true) {
      const value = diffDesiredState(host, meant)
      if (!value.devices.some(({ different }) => different)) context.notices.note('nothing differs')
      return { result: { kind: 'difference', value } }
    }
    const { value, error } = applyDesiredState(host, meant, { dryRun: context.dryRun })
    return { result: { kind: 'apply', value }, error }
  },
}

/** What is not there at all stays, so that it is told of. */
function leaveOutUnowned(state: DesiredState, { host, notices }: Context): DesiredState {
  const { backend } = host()
  const isUnowned = ({ device }: DesiredState[number]) => {
    const fn = backend.find(device.value)
    return fn !== null && fn.owner === null && fn.ownerVisible
  }
  for (const { device } of state.filter(isUnowned)) {
    notices.note(`${device.value}: left out: nobody owns it`)
  }
  return state.filter((one) => !isUnowned(one))
}
