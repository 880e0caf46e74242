import { formatNumberList } from '../args/cpu-list.ts'
import type { Entry } from '../args/entry.ts'
import { NotFoundError, naming, UnsupportedError } from '../errors.ts'
import { assignEntries } from '../topology/assign.ts'
import type { Assignment } from '../topology/assignments.ts'
import type { WantedMode } from '../tph/change-mode.ts'
import { checkIndexes } from '../tph/check-indexes.ts'
import { requireMode } from '../tph/control.ts'
import { findFunction, findTphFunction, type Host, type TphFunction } from '../tph/host.ts'
import { planFound } from '../tph/plan-set.ts'
import { splitRuns } from '../tph/runs.ts'
import type { DesiredDevice, DesiredState, Policy, Written } from './desired-state.ts'
import { Problems } from './problems.ts'

/** What is wanted of a device, in terms of this host. */
export interface WantedDevice extends TphFunction {
  /** In index order. */
  readonly entries: readonly Assignment[]
  readonly mode: WantedMode | null
}

/**
 * Matches desired state with the devices and CPUs of this host; touches nothing.
 *
 * @throws TphctlError with the code of the first problem, naming all, each with its place
 */
export function planDesired(host: Host, state: DesiredState): WantedDevice[] {
  const problems = new Problems()
  const wanted = state.flatMap((one) => planDevice(host, one, problems) ?? [])
  problems.throwIfAny()
  return wanted
}

function planDevice(host: Host, one: DesiredDevice, problems: Problems): WantedDevice | null {
  const { value: bdf, place } = one.device
  const found = problems.at(place, () => {
    checkIds(host, one)
    const tphFunction = findTphFunction(host, bdf)
    host.backend.requireOwner(bdf)
    return tphFunction
  })
  if (found === null) return null
  const { mode } = one
  if (mode !== null && mode.value !== 'off') {
    const { value } = mode
    problems.at(mode.place, () => requireMode(found, value))
  }
  const entries = planEntries(host, found, one, problems)
  return entries === null ? null : { ...found, entries, mode: mode?.value ?? null }
}

function planEntries(
  host: Host,
  found: TphFunction,
  { device, entries, policy }: DesiredDevice,
  problems: Problems,
): WantedDevice['entries'] | null {
  const { bdf } = found.fn
  if (policy !== null) {
    return problems.at(policy.place, () => {
      const options = { memoryType: 'vm', cycle: true } as const
      return splitRuns(planFound(host, found, [dealOut(found, policy)], options).runs)
    })
  }
  const isRight = entries.map(({ value, place }) => {
    return problems.at(place, () => naming(bdf, () => checkEntry(host, found, value))) !== null
  })
  if (isRight.includes(false)) return null
  return problems.at((entries[0] ?? device).place, () => {
    const options = { memoryType: 'vm', cycle: false } as const
    const words = entries.map(({ value }) => value)
    return splitRuns(planFound(host, found, words, options).runs)
  })
}

/** One ENTRY by itself, so that what is wrong with it is told with its place. */
function checkEntry({ backend }: Host, found: TphFunction, entry: Entry): true {
  const { topology } = backend
  assignEntries([entry], { topology, locality: found.fn, memoryType: 'vm', cycle: false })
  checkIndexes(found, entry.indexes)
  return true
}

/** The ENTRY that deals CPUs out to a device's whole table, in turn. @throws UnsupportedError when it has none */
function dealOut({ fn, tph }: TphFunction, { value }: Written<Policy>): Entry {
  if (tph.stEntries === 0) {
    const hint = 'name its entries'
    const message = 'Cannot use a policy: the device has no ST table'
    throw new UnsupportedError(message, { device: fn.bdf, hint })
  }
  const indexes = Array.from({ length: tph.stEntries }, (_, i) => i)
  return { word: `policy ${policyText(value)}`, indexes, cpus: value, memoryType: null }
}

function policyText(policy: Policy): string {
  switch (policy.kind) {
    case 'local':
      return 'local'
    case 'node':
      return `node ${policy.node}`
    case 'l3':
      return `l3 ${policy.l3}`
    case 'list':
      return `cpus ${formatNumberList(policy.cpus)}`
  }
}

/** @throws NotFoundError when there is another device at that address */
function checkIds(host: Host, { device, vendor, deviceId }: DesiredDevice): void {
  const fn = findFunction(host, device.value)
  const isOther = (wanted: Written<string> | null, has: string) =>
    wanted !== null && wanted.value !== has
  if (!isOther(vendor, fn.vendorId) && !isOther(deviceId, fn.deviceId)) return
  const wanted = `${vendor?.value ?? '*'}:${deviceId?.value ?? '*'}`
  throw new NotFoundError(
    `Cannot find the device: at this address is ${fn.vendorId}:${fn.deviceId}, not ${wanted}`,
    { device: device.value, hint: '"tphctl info" shows the ids' },
  )
}
