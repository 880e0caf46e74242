import type { Bdf } from '../args/bdf.ts'
import { TphctlError } from '../errors.ts'
import { isModeFirst, isOtherControl, registerMode } from '../tph/change-mode.ts'
import { traceSteps } from '../tph/control.ts'
import type { Host } from '../tph/host.ts'
import { nameChange, programAs, rehearse, type TakeableOutcome } from '../tph/program.ts'
import { emptyResult, type SetResult } from '../tph/results.ts'
import { mergeRuns } from '../tph/runs.ts'
import type { DevicePlan } from '../tph/transaction.ts'
import type { DesiredState } from './desired-state.ts'
import { type Compared, compareDevice } from './difference.ts'
import { type IsMeant, ModeChanges } from './mode-changes.ts'
import { ModeUndo } from './mode-undo.ts'
import { planDesired } from './plan.ts'
import type { ApplyResult, DeviceDifference, DifferenceResult } from './results.ts'

/** What applying came to. */
export interface ApplyOutcome {
  readonly value: ApplyResult
  /** Null when every device is as wanted. */
  readonly error: TphctlError | null
}

/** How desired state is applied. */
export interface ApplyOptions {
  /** Of the devices that are described only these; all unless told. */
  readonly only?: (device: Bdf) => boolean
  /** The command's name in the ledger; `apply` unless told. */
  readonly command?: string
  /** Look at the devices and say what would be sent. */
  readonly dryRun?: boolean
}

/**
 * Brings devices to the desired state: everything is matched with the host and compared with the devices before any is touched, and
 * only what differs is sent. Modes change before or after entries as `isModeFirst` has it. If anything fails, what was changed is put back, on all devices, as far as its former state is known.
 *
 * @throws TphctlError for what is wrong before anything is sent
 */
export function applyDesiredState(
  host: Host,
  state: DesiredState,
  { only = () => true, command = 'apply', dryRun = false }: ApplyOptions = {},
): ApplyOutcome {
  const wanted = planDesired(
    host,
    state.filter(({ device }) => only(device.value)),
  )
  const compared = wanted.map((one) => compareDevice(host, one, 'compare'))
  const plans = wanted.map((one, i) => ({ ...one, runs: runsOf(compared[i]?.difference) }))
  if (dryRun) return { value: rehearseAll(host, plans, compared), error: null }
  return carryOut(host, plans, compared, command)
}

/** How devices are, against how they are wanted. @throws as `applyDesiredState` */
export function diffDesiredState(host: Host, state: DesiredState): DifferenceResult {
  return { devices: planDesired(host, state).map((one) => compareDevice(host, one).difference) }
}

function runsOf(difference: DeviceDifference | undefined): DevicePlan['runs'] {
  const entries = difference?.entries ?? []
  return mergeRuns(entries.map(({ index, desired }) => ({ index, ...desired })))
}

function carryOut(
  host: Host,
  plans: readonly DevicePlan[],
  compared: readonly Compared[],
  command: string,
): ApplyOutcome {
  const different = plans.filter((_, i) => compared[i]?.difference.different)
  const name = nameChange(command, different)
  const modes = new ModeChanges(
    host,
    compared.map(({ difference }) => difference),
  )
  const undo = new ModeUndo(host, name, modes)
  undo.remember(different)
  const toSet = different
    .filter(({ runs }) => runs.length > 0)
    .map((plan) => ({ ...plan, ...controlBefore(modes, plan) }))
  const { isFirst, isLast } = orderOf(compared)
  const firstError = modes.change(isFirst)
  const programmed = firstError === null ? attempt(host, toSet, name) : untried(toSet, firstError)
  const error = programmed.error ?? modes.change(isLast)
  if (error === null) return { value: settled(plans, programmed.results, modes), error }
  modes.takeBack(isLast)
  const results = programmed.error === null ? programmed.takeBack() : programmed.results
  modes.takeBack(isFirst)
  undo.takeBack()
  return { value: settled(plans, results, modes), error }
}

/** Which modes change before entries are set, and which after. */
function orderOf(compared: readonly Compared[]): { isFirst: IsMeant; isLast: IsMeant } {
  const kernels = new Map(compared.map(({ difference, kernel }) => [difference.device, kernel]))
  const isFirst: IsMeant = (wanted, device) => {
    const kernel = kernels.get(device)
    return kernel !== undefined && isModeFirst(kernel, wanted)
  }
  return { isFirst, isLast: (wanted, device) => !isFirst(wanted, device) }
}

function controlBefore(modes: ModeChanges, { fn }: DevicePlan): Pick<DevicePlan, 'control'> {
  const change = modes.of(fn.bdf)
  return change === undefined ? {} : { control: change.before }
}

/** As `programAs`, with what it throws as its error. */
function attempt(
  host: Host,
  plans: readonly DevicePlan[],
  name: ReturnType<typeof nameChange>,
): TakeableOutcome {
  try {
    return programAs(host, plans, name)
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    return untried(plans, error)
  }
}

function untried(plans: readonly DevicePlan[], error: TphctlError): TakeableOutcome {
  const results = plans.map(({ fn, runs }) => ({ ...emptyResult(fn.bdf), skipped: runs }))
  return { results, error, takeBack: () => results }
}

function settled(
  plans: readonly DevicePlan[],
  results: readonly SetResult[],
  modes: ModeChanges,
): ApplyResult {
  const byDevice = new Map(results.map((result) => [result.device, result]))
  const devices = plans.map(({ fn: { bdf } }): SetResult => {
    const result = byDevice.get(bdf) ?? emptyResult(bdf)
    const control = modes.of(bdf)
    if (control === undefined) return result
    return { ...result, changed: result.changed || isOtherControl(control), control }
  })
  return { changed: devices.some(({ changed }) => changed), devices }
}

function rehearseAll(
  host: Host,
  plans: readonly DevicePlan[],
  compared: readonly Compared[],
): ApplyResult {
  const devices = rehearse(host, plans).map((result, i): SetResult => {
    const { difference, kernel } = compared[i] ?? {}
    const [found, mode] = [plans[i], difference?.mode ?? null]
    if (mode === null || found === undefined) return result
    const { present: before, desired: wanted } = mode
    const steps = kernel?.controlSteps(found.tph, before, registerMode(wanted)) ?? []
    traceSteps(host, found, steps)
    const control = { wanted, fate: 'planned', before, control: before, message: null } as const
    return { ...result, control }
  })
  return { changed: false, devices }
}
