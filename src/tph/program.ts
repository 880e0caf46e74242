import { describeCall, hexBytes } from '../backend/traced-device.ts'
import { aboutDevice, TphctlError } from '../errors.ts'
import { uniqueId } from '../unique.ts'
import type { ChangeName } from './device-memory.ts'
import { presume } from './guard.ts'
import type { Host } from './host.ts'
import type { SetCall } from './interfaces/types.ts'
import { type Programmed, programDevice, takeBack } from './program-device.ts'
import { emptyResult, type SetResult } from './results.ts'
import type { DevicePlan } from './transaction.ts'

/** What a command that changes devices came to. */
export interface ProgramOutcome {
  /** One for each plan, in order. */
  readonly results: readonly SetResult[]
  readonly error: TphctlError | null
}

/**
 * Programs devices one after the other. If one fails, those before it are put back and those after it are not begun.
 *
 * @throws TphctlError when nothing at all was sent
 */
export function program(host: Host, plans: readonly DevicePlan[], command: string): ProgramOutcome {
  const { results, error } = programAs(host, plans, nameChange(command, plans))
  return { results, error }
}

/** A `ProgramOutcome`, and what takes it back. */
export interface TakeableOutcome extends ProgramOutcome {
  /** Puts back all devices, after something else of the same command failed. @returns their results now */
  takeBack(): SetResult[]
}

/**
 * `program` as a part of a command that does more. @param name of the whole command
 *
 * @throws as `program`
 */
export function programAs(
  host: Host,
  plans: readonly DevicePlan[],
  name: ChangeName,
): TakeableOutcome {
  for (const { fn } of plans) host.backend.requireOwner(fn.bdf)
  const done: Programmed[] = []
  for (const [i, plan] of plans.entries()) {
    const step = attempt(host, plan, name)
    const { error } = step
    if (error === null) {
      done.push(step.programmed)
      continue
    }
    if (step.programmed === null && i === 0) throw error
    const failed = step.programmed?.result ?? allSkipped(plan)
    const later = plans.slice(i + 1).map(allSkipped)
    const results = [...takeAllBack(host, done), failed, ...later]
    return { results, error, takeBack: () => results }
  }
  for (const { result, warnings } of done) {
    for (const text of warnings) host.notices.warn(`${result.device}: ${text}`)
  }
  const results = done.map(({ result }) => result)
  return { results, error: null, takeBack: () => takeAllBack(host, done) }
}

/** What `program` would send, told to the trace and as a result in which nothing was applied. */
export function rehearse(host: Host, plans: readonly DevicePlan[]): SetResult[] {
  return plans.map((plan) => {
    traceRuns(host, plan)
    return { ...emptyResult(plan.fn.bdf), planned: plan.runs }
  })
}

/** Tells the trace the calls of a plan that are not made. */
export function traceRuns(host: Host, plan: DevicePlan): void {
  if (host.trace === null) return
  for (const call of presume(host, plan).setCalls(plan.runs)) traceCall(host, call)
}

/** Tells the trace a call that is not made. */
export function traceCall(
  { trace, featureIndex }: Host,
  { request, encode }: Pick<SetCall, 'request' | 'encode'>,
): void {
  if (trace === null) return
  const bytes = encode()
  trace(`would ${describeCall(request, bytes, featureIndex)} [${hexBytes(bytes)}]`)
}

/** A name for a change, the same for every device it touches. */
export function nameChange(command: string, plans: readonly Pick<DevicePlan, 'fn'>[]): ChangeName {
  const devices = plans.map(({ fn }) => fn.bdf).join(' ')
  return { command, change: uniqueId(), time: Date.now(), devices }
}

type Attempt =
  | { readonly programmed: Programmed; readonly error: null }
  | { readonly programmed: Programmed | null; readonly error: TphctlError }

function attempt(host: Host, plan: DevicePlan, name: ChangeName): Attempt {
  try {
    const programmed = programDevice(host, plan, name)
    const { error } = programmed
    return error === null
      ? { programmed, error }
      : { programmed, error: aboutDevice(plan.fn.bdf, error) }
  } catch (error) {
    if (error instanceof TphctlError)
      return { programmed: null, error: aboutDevice(plan.fn.bdf, error) }
    throw error
  }
}

function takeAllBack(host: Host, done: readonly Programmed[]): SetResult[] {
  const results = done.toReversed().map((one) => {
    if (one.done === null) return one.result
    try {
      return takeBack(host, one.done)
    } catch (error) {
      if (!(error instanceof TphctlError)) throw error
      host.notices.note(`${one.result.device}: stays as it was set: ${error.message}`)
      return one.result
    }
  })
  return results.reverse()
}

function allSkipped(plan: DevicePlan): SetResult {
  return { ...emptyResult(plan.fn.bdf), skipped: plan.runs }
}
