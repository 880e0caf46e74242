import { EXIT } from '../errors.ts'
import { tagged } from './roff.ts'

const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'Done; also when the reader of standard output went away.',
  refused: 'The kernel or the device refused, wholly or partly, or read back something else.',
  usage: 'Wrong usage or input; nothing was sent.',
  unsupported:
    'Not supported: no TPH capability, no TPH_ST, or a mode or table that the device lacks.',
  notFound: 'No such device or owner.',
  permission: 'A right is missing.',
  busy: 'Nobody owns the device, it cannot be borrowed, or another `tphctl` has it locked.',
  drift: 'A check found a difference.',
  internal: 'A bug in `tphctl`.',
}

/** The section about exit codes. */
export function exitStatus(): string {
  const codes = Object.entries(EXIT) as [keyof typeof EXIT, number][]
  const known = codes.map(([name, code]) => tagged(`${code}`, MEANINGS[name]))
  return [...known, tagged('128 + \\fIn\\fR', 'Ended by signal n.')].join('')
}
