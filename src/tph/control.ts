import type { Bdf } from '../args/bdf.ts'
import { describeCall, describeWrite, hexBytes } from '../backend/traced-device.ts'
import { aboutDevice, TphctlError, UnsupportedError } from '../errors.ts'
import { ConfigSpace } from '../pci/config-space.ts'
import { PCI_TPH_CTRL } from '../pci/regs.ts'
import { decodeTphControl, readTphControl, type StMode } from '../pci/tph-capability.ts'
import { ControlRegister } from './control-register.ts'
import { guardDevice, presume } from './guard.ts'
import { findTphFunction, type Host, noTph, type TphFunction, withLockedDevice } from './host.ts'
import type { ControlStep, TphInterface } from './interfaces/types.ts'
import type { ControlInfo, ControlResult } from './results.ts'
import { type TphDevice, u32Bytes } from './tph-device.ts'

/** What `enable` or `disable` came to. */
export interface ControlOutcome {
  readonly value: ControlResult
  /** Null when the register reads back as it should. */
  readonly error: TphctlError | null
}

/**
 * Turns TPH on in a mode, or off, through the owner's fd, by a write of the control register or whatever the kernel's interface has for
 * it, and reads the register back. If that fails midway the register becomes what it was.
 *
 * @param mode null turns it off
 * @throws UnsupportedError when the capability lacks the mode or the kernel the feature; what fails before the first write
 */
export function setControl(
  host: Host,
  bdf: Bdf,
  mode: StMode | null,
  dryRun: boolean,
): ControlOutcome {
  const found = findTphFunction(host, bdf)
  if (mode !== null) requireMode(found, mode)
  if (dryRun) return { value: rehearse(host, found, mode), error: null }
  return withLockedDevice(host, found.fn, (device) => {
    const { offset } = guardDevice(host, found, device, 'control')
    const register = new ControlRegister(device, offset)
    const was = register.read()
    const before = decodeTphControl(was)
    const steps = device.kernel.controlSteps(found.tph, before, mode)
    const error = attempt(() => {
      for (const step of steps) register.take(step)
    })
    if (error !== null) putBack(host, device, found, register, was)
    const { seen: control } = register
    // What was changed and cannot be read has no account.
    if (control === null) throw error
    const value = { device: bdf, changed: !isSame(before, control), before, control }
    return { value, error: error === null ? null : aboutDevice(bdf, error) }
  })
}

function attempt(work: () => void): TphctlError | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof TphctlError) return error
    throw error
  }
}

/** Nothing is done that is already so: a refused write has usually changed nothing. */
function putBack(
  { notices }: Host,
  device: TphDevice,
  { tph }: TphFunction,
  register: ControlRegister,
  was: number,
): void {
  const error = attempt(() => {
    const now = register.read()
    if (now === was) return
    const steps = device.kernel.controlStepsBack(tph, decodeTphControl(now), was)
    for (const step of steps) register.take(step)
  })
  if (error !== null)
    notices.note(`${device.bdf}: the TPH control register is not put back: ${error.message}`)
}

/** @throws UnsupportedError when the register is not visible, so that nobody can say what would be written */
function rehearse(host: Host, { fn, tph }: TphFunction, mode: StMode | null): ControlResult {
  const value = readTphControl(new ConfigSpace(fn.config.bytes), tph.offset)
  if (value === null) throw noTph(fn.bdf, fn.config.missing)
  const now = decodeTphControl(value)
  const steps = presume(host, { fn, tph }).controlSteps(tph, now, mode)
  traceSteps(host, { fn, tph }, steps)
  const planned = steps.flatMap(({ value, call }) => (call === null ? [value] : []))
  const plannedCalls = steps.flatMap(({ call }) => call?.name ?? [])
  return {
    device: fn.bdf,
    changed: false,
    before: now,
    control: now,
    planned,
    ...(plannedCalls.length === 0 ? {} : { plannedCalls }),
  }
}

/** Tells the trace the steps that are not taken. */
export function traceSteps(
  { trace, featureIndex }: Host,
  { tph }: TphFunction,
  steps: readonly ControlStep[],
): void {
  if (trace === null) return
  for (const { value, call } of steps) {
    const bytes = call === null ? u32Bytes(value) : call.bytes
    const what =
      call === null
        ? describeWrite(tph.offset + PCI_TPH_CTRL, bytes)
        : describeCall(call.request, bytes, featureIndex)
    trace(`would ${what} [${hexBytes(bytes)}]`)
  }
}

/** Whether a mode is another than the one a device is in. @throws UnsupportedError for a mode that the interface has no way to */
export function isOtherMode(
  kernel: TphInterface,
  { tph }: TphFunction,
  now: ControlInfo,
  mode: StMode | null,
): boolean {
  return kernel.controlSteps(tph, now, mode).length > 0
}

/** @throws UnsupportedError when the capability lacks the mode */
export function requireMode({ fn, tph }: TphFunction, mode: StMode): void {
  if (tph.modes.includes(mode)) return
  const has = tph.modes.length === 0 ? 'none at all' : tph.modes.join(', ')
  const message = `Cannot enable mode ${mode}: the device's capability has ${has}`
  throw new UnsupportedError(message, { device: fn.bdf })
}

function isSame(a: ControlInfo, b: ControlInfo): boolean {
  return a.mode === b.mode && a.requester === b.requester
}
