import { listDevices } from '../tph/describe.ts'
import type { CommandSpec } from './spec.ts'

/** `tphctl list`. */
export const list: CommandSpec = {
  arguments: [],
  options: [],
  examples: ['list', 'list --json | jq -r ".devices[].device"'],
  run(_, { host, notices }) {
    const value = listDevices(host())
    for (const { device, tphReason } of value.undecided) {
      const why =
        tphReason === 'not-in-dump' ? 'is not in the dump' : 'is not readable without CAP_SYS_ADMIN'
      notices.note(`${device}: not listed, its extended config space ${why}`)
    }
    return { result: { kind: 'list', value } }
  },
}
