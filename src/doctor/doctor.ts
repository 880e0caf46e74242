import type { HostFacts, PciFunction } from '../backend/types.ts'
import { RefusedError, type TphctlError } from '../errors.ts'
import type { CheckInfo, DoctorResult } from '../tph/doctor-results.ts'
import { type Host, lookUpTph } from '../tph/host.ts'
import type { TphReason } from '../tph/results.ts'
import { judgeAll } from './check.ts'
import { AS_ADMIN, deviceChecks, WHOLE_DUMP } from './device-checks.ts'
import { type DeviceSeen, isAnswered, lookAtDevice } from './device-seen.ts'
import { kernelChecks } from './kernel-checks.ts'
import { ownerChecks } from './owner-checks.ts'
import { rightsChecks } from './rights-checks.ts'
import { counted, vfioChecks } from './vfio-checks.ts'

const HOST = 'host'
/** The check that stands for all of one device. */
const SUMMARY = 'device'
const HOST_CHECKS = [...kernelChecks, ...vfioChecks, ...rightsChecks]
const DEVICE_CHECKS = [...deviceChecks, ...ownerChecks]

/** What doctor found out; the error is there unless a SET would work. */
export interface Diagnosis {
  readonly value: DoctorResult
  readonly error: TphctlError | null
}

/** Every precondition for one device. It is borrowed where it has an owner; nothing is opened or changed. */
export async function examineDevice(host: Host, fn: PciFunction): Promise<Diagnosis> {
  const facts = await factsOf(host)
  const seen = lookAtDevice(host, fn, facts)
  const checks = judgeAll(fn.bdf, DEVICE_CHECKS, seen)
  return diagnosis([...hostChecks(host, facts, [seen]), ...checks], readyOf(checks, [seen]), fn.bdf)
}

/** Every precondition of the host, and each of its devices with TPH in one line. */
export async function examineHost(host: Host): Promise<Diagnosis> {
  const facts = await factsOf(host)
  const looked = host.backend.functions().map((fn) => ({ fn, reason: lookUpTph(fn).reason }))
  const devices = looked.filter(({ reason }) => reason === null)
  const undecided = looked.flatMap(({ reason }) =>
    reason === null || reason === 'absent' ? [] : [reason],
  )
  const seen = devices.map(({ fn }) => lookAtDevice(host, fn, facts))
  const rows = seen.map(summary)
  const ready = rows.map(({ ready }) => ready)
  const checks = [
    ...hostChecks(host, facts, seen),
    found(devices.length, undecided),
    ...rows.map(({ check }) => check),
  ]
  const best = ready.includes(true) || (ready.includes(null) || undecided.length > 0 ? null : false)
  return diagnosis(checks, best, null)
}

async function factsOf({ backend }: Host): Promise<HostFacts | null> {
  return (await backend.facts?.()) ?? null
}

function hostChecks(
  { backend }: Host,
  facts: HostFacts | null,
  seen: readonly DeviceSeen[],
): CheckInfo[] {
  if (facts === null) return [EMULATED]
  const answering = seen.find(isAnswered)
  return judgeAll(HOST, HOST_CHECKS, {
    facts,
    struct: backend.tphStruct,
    answered: answering !== undefined,
    ...(answering === undefined ? {} : { answering: nameOfInterface(answering) }),
  })
}

function nameOfInterface({ answer }: DeviceSeen): string {
  const isOther = answer !== null && 'kernel' in answer && answer.kernel.name !== 'tph-st'
  return isOther ? answer.kernel.title : 'TPH_ST'
}

function found(devices: number, undecided: readonly TphReason[]): CheckInfo {
  const count = `${counted(devices, 'PCI function')} with a TPH Requester capability`
  const row = { id: 'devices', subject: HOST }
  const [reason] = undecided
  if (reason === undefined) {
    return { ...row, state: devices > 0 ? 'ok' : 'problem', evidence: count, fix: null }
  }
  return {
    ...row,
    state: devices > 0 ? 'ok' : 'unknown',
    evidence: `${count}; of ${undecided.length} too little config space can be read to tell`,
    fix: reason === 'not-in-dump' ? WHOLE_DUMP : AS_ADMIN,
  }
}

/** A device in one line: what its first problem is, or else what cannot be told. */
function summary(seen: DeviceSeen): { readonly check: CheckInfo; readonly ready: boolean | null } {
  const checks = judgeAll(seen.fn.bdf, DEVICE_CHECKS, seen)
  const ready = readyOf(checks, [seen])
  const row = { id: SUMMARY, subject: seen.fn.bdf }
  if (ready === true) {
    return {
      ready,
      check: { ...row, state: 'ok', evidence: `${nameOfInterface(seen)} answers`, fix: null },
    }
  }
  const state = ready === null ? 'unknown' : 'problem'
  const { id, evidence, fix } = checks.find((one) => one.state === state) ?? checks[0] ?? NOTHING
  return { ready, check: { ...row, state, evidence: `${id}: ${evidence}`, fix } }
}

const EMULATED: CheckInfo = {
  id: 'host',
  subject: HOST,
  state: 'unknown',
  evidence: 'it is emulated: it has no kernel, IOMMU or rights to look at',
  fix: null,
}
const NOTHING = { id: SUMMARY, evidence: 'nothing is known', fix: null }

function readyOf(checks: readonly CheckInfo[], seen: readonly DeviceSeen[]): boolean | null {
  if (checks.some(({ state }) => state === 'problem')) return false
  return seen.some(isAnswered) || null
}

/** @param ready whether its devices are; a problem of the host decides before that */
function diagnosis(
  checks: readonly CheckInfo[],
  devicesReady: boolean | null,
  device: string | null,
): Diagnosis {
  const wrong = checks.filter(({ subject, state }) => subject === HOST && state === 'problem')
  const ready = wrong.length > 0 ? false : devicesReady
  const value = { checks, ready }
  return { value, error: ready === true ? null : notReady(value, device) }
}

function notReady({ checks, ready }: DoctorResult, device: string | null): RefusedError {
  const state = ready === null ? 'unknown' : 'problem'
  const those = checks.filter((one) => one.state === state && one !== EMULATED)
  const ids = [...new Set(those.map(nameOf))].join(', ')
  const message =
    ready === null
      ? `Cannot tell whether tags can be set: unknown is ${ids}`
      : `Cannot set tags: there is a problem with ${ids}`
  const hint = those.find(({ fix }) => fix !== null)?.fix
  return new RefusedError(message, {
    ...(device === null ? {} : { device }),
    ...(hint === undefined || hint === null ? {} : { hint }),
  })
}

function nameOf({ id, subject }: CheckInfo): string {
  return id === SUMMARY ? subject : id
}
