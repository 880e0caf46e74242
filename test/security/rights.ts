/** A capability as setpriv(1) names it. */
export type Right = 'sys_ptrace' | 'dac_read_search' | 'sys_admin' | 'sys_rawio'

/** What a call needs to be allowed, on devices that another user's process has open. */
export interface RightsCase {
  readonly command: string
  /** How SECURITY.md names it, where that is more than the command. */
  readonly stated?: string
  /** Its words; DEVICE, and PLAIN without a table, are put in. */
  readonly line: string
  /** What it takes, and no more; in order. */
  readonly needs: readonly Right[]
}

/** What borrowing takes from another user's process. */
export const BORROW: readonly Right[] = ['sys_ptrace', 'dac_read_search']
const SEE: readonly Right[] = ['sys_admin']
const BOTH: readonly Right[] = [...BORROW, ...SEE]

/** The least rights of each command that works on a device of a real host, as SECURITY.md states them. */
export const RIGHTS: readonly RightsCase[] = [
  { command: 'list', line: 'list', needs: [] },
  { command: 'info', line: 'info DEVICE', needs: [] },
  { command: 'gather', line: 'gather DEVICE --dry-run', needs: [] },
  { command: 'probe', line: 'probe DEVICE', needs: BORROW },
  { command: 'get', line: 'get DEVICE 0-1', needs: BORROW },
  { command: 'set', line: 'set DEVICE 0=1', needs: BORROW },
  { command: 'clear', line: 'clear DEVICE 1', needs: BORROW },
  { command: 'undo', line: 'undo DEVICE', needs: BORROW },
  { command: 'enable', line: 'enable DEVICE --mode iv', needs: BORROW },
  // With TPH on, or there is nothing to compare.
  { command: 'verify', line: 'verify DEVICE', needs: BOTH },
  { command: 'disable', line: 'disable DEVICE', needs: BORROW },
  { command: 'tag', line: 'tag PLAIN 0-1', needs: BORROW },
  { command: 'plan', line: 'plan DEVICE', needs: SEE },
  { command: 'map', line: 'map DEVICE', needs: [] },
  { command: 'export', line: 'export DEVICE', needs: BORROW },
  { command: 'export of all', stated: '`export` of all', line: 'export', needs: BOTH },
  { command: 'apply', line: 'apply -', needs: BORROW },
  { command: 'doctor', line: 'doctor DEVICE', needs: BORROW },
]
