import { listDevices } from '../tph/describe.ts'
import type { ListResult, TphReason } from '../tph/results.ts'
import type { CommandSpec } from './spec.ts'

const REASONS = {
  'not-in-dump': 'extended config space is not in the dump',
  'not-readable': 'extended config space is not readable without CAP_SYS_ADMIN',
} satisfies Partial<Record<TphReason, string>>

/** How many functions a note names. */
const NAMED = 3

/** `tphctl list`. */
export const list: CommandSpec = {
  arguments: [],
  options: [],
  examples: ['list', 'list --json | jq -r ".devices[].device"'],
  run(_, { host, notices }) {
    const value = listDevices(host())
    if (value.devices.length === 0 && value.undecided.length === 0) {
      notices.note('no PCI function of this host has a TPH Requester capability')
    }
    for (const [tphReason, why] of Object.entries(REASONS)) {
      const devices = value.undecided.filter((one) => one.tphReason === tphReason)
      if (devices.length > 0) notices.note(`${namesOf(devices)} not listed: ${why}`)
    }
    return { result: { kind: 'list', value } }
  },
}

/** The addresses of a few functions; of many the first ones, and how many more there are. */
function namesOf(devices: ListResult['undecided']): string {
  const names = devices.slice(0, NAMED).map(({ device }) => device)
  const more = devices.length - names.length
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`
}
