import type { ControlInfo, RunInfo, SetResult } from '../../src/tph/results.ts'
import type { Trial } from './stage.ts'
import type { DeviceState } from './world.ts'

/** Modes and requester types as bits 2:0 and 9:8 of the control register have them (PCIe 6.0 section 7.9.13.3). */
const MODES = ['none', 'iv', 'ds']
const REQUESTERS = ['off', 'tph', 'reserved', 'extended']
const EIGHT_BITS = '0000:83:00.0'

type Parts = 'applied' | 'restored' | 'failed' | 'skipped'
const PARTS: readonly Parts[] = ['applied', 'restored', 'failed', 'skipped']

/** What an account of a change says that is not so, or does not say, a sentence each. */
export function accountComplaints(clean: Trial, trial: Trial): string[] {
  const accounts = accountsIn(trial.run.stdout)
  const wanted = accountsIn(clean.run.stdout)
  if (trial.run.stdout === '') {
    return [...trial.after].flatMap(([bdf, state]) =>
      isSame(state, trial.before.get(bdf))
        ? []
        : [`${bdf} was changed, of which there is no account`],
    )
  }
  const told = new Set(accounts.map(({ device }) => device))
  const untold = wanted
    .filter(({ device }) => !told.has(device))
    .flatMap(({ device }) => {
      const isQuiet = isSame(trial.before.get(device), trial.after.get(device))
      return isQuiet && trial.run.stderr.includes(device) ? [] : [`no account of ${device}`]
    })
  const wrong = accounts.flatMap((account) => {
    const before = trial.before.get(account.device)
    const after = trial.after.get(account.device)
    if (before === undefined || after === undefined) return [`no device ${account.device}`]
    const due = wanted.find(({ device }) => device === account.device) ?? account
    return complaintsAbout(account, due, before, after).map((text) => `${account.device}: ${text}`)
  })
  return [...untold, ...wrong]
}

/** Results that are an account of changed entries. */
type Account = SetResult & { readonly before?: ControlInfo }

function accountsIn(stdout: string): Account[] {
  if (stdout === '') return []
  const value = JSON.parse(stdout) as Account & { readonly devices?: Account[] }
  return value.devices ?? [value]
}

function complaintsAbout(
  account: Account,
  wanted: Account,
  before: DeviceState,
  after: DeviceState,
): string[] {
  const wrong: string[] = []
  if (account.changed !== !isSame(before, after)) wrong.push(`changed is ${account.changed}`)
  const isModeAlone = account.applied === undefined
  const control = isModeAlone
    ? (account.control as unknown as ControlInfo)
    : account.control?.control
  if (control !== undefined && !isControl(control, after.control)) {
    wrong.push(`control is ${JSON.stringify(control)}, not 0x${after.control.toString(16)}`)
  }
  if (wanted.control !== undefined && control === undefined) wrong.push('does not tell of its mode')
  if (isModeAlone) return wrong
  const entries = PARTS.flatMap((part) =>
    account[part].flatMap((run) => entriesOf(run).map((entry) => ({ ...entry, part }))),
  )
  for (const { index, tag, part } of entries) {
    const is = after.tags[index]
    const should =
      part === 'applied' || part === 'restored' ? tag(account.device) : before.tags[index]
    if (is !== should)
      wrong.push(`entry ${index} is told as ${part} and has tag ${is}, not ${should}`)
  }
  const told = entries.map(({ index }) => index).sort((a, b) => a - b)
  const due = PARTS.flatMap((part) => wanted[part].flatMap(entriesOf)).map(({ index }) => index)
  if (JSON.stringify(told) !== JSON.stringify(due.sort((a, b) => a - b))) {
    wrong.push(`tells of entries ${told.join()}, not ${due.join()}`)
  }
  return wrong
}

function entriesOf({ index, cpus, memoryType }: RunInfo) {
  return cpus.map((cpu, i) => ({
    index: index + i,
    tag: (bdf: string) => (cpu === null ? 0 : tagOf(bdf, cpu, memoryType === 'pm')),
  }))
}

/** README, "Commands": how the emulated firmware's tags are made up. */
export function tagOf(bdf: string, cpu: number, isPersistent: boolean): number {
  if (bdf === EIGHT_BITS) return 1 + ((2 * cpu + (isPersistent ? 1 : 0)) % 255)
  return (isPersistent ? 0x200 : 0x100) + cpu
}

function isControl({ mode, requester }: ControlInfo, register: number): boolean {
  return mode === MODES[register & 7] && requester === REQUESTERS[(register >> 8) & 3]
}

/** Whether a device is the same. */
export function isSame(a: DeviceState | undefined, b: DeviceState | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
