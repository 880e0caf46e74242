import type { Bdf } from '../args/bdf.ts'
import { describeWrite, hexBytes } from '../backend/traced-device.ts'
import { aboutDevice, TphctlError, UnsupportedError } from '../errors.ts'
import { ConfigSpace } from '../pci/config-space.ts'
import { PCI_TPH_CTRL } from '../pci/regs.ts'
import {
  decodeTphControl,
  encodeTphControl,
  readTphControl,
  type StMode,
} from '../pci/tph-capability.ts'
import { ControlRegister, isEnabled } from './control-register.ts'
import { guardDevice } from './guard.ts'
import { findTphFunction, type Host, noTph, type TphFunction, withLockedDevice } from './host.ts'
import type { ControlInfo, ControlResult } from './results.ts'
import { u32Bytes } from './tph-device.ts'

/** What `enable` or `disable` came to. */
export interface ControlOutcome {
  readonly value: ControlResult
  /** Null when the register reads back as it should. */
  readonly error: TphctlError | null
}

/**
 * Turns TPH on in a mode, or off, by writing the control register through the owner's fd, and reads it back. If that fails midway the
 * register is written as it was.
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
    const { offset } = guardDevice(host, found, device, ['set'])
    const register = new ControlRegister(device, offset)
    const was = register.read()
    const before = decodeTphControl(was)
    const error = attempt(() => {
      for (const value of writesFor(found, before, mode)) register.set(value)
    })
    if (error !== null) putBack(host, bdf, register, was)
    const { seen: control } = register
    // What was written and cannot be read has no account.
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

/** Nothing is written that is already so: a refused write has usually changed nothing. */
function putBack({ notices }: Host, bdf: Bdf, register: ControlRegister, was: number): void {
  const error = attempt(() => {
    if (register.read() !== was) register.set(was)
  })
  if (error !== null)
    notices.note(`${bdf}: the TPH control register is not put back: ${error.message}`)
}

/** The register values to write, one after the other; none when it is already so. @param mode null turns it off */
export function writesFor({ tph }: TphFunction, now: ControlInfo, mode: StMode | null): number[] {
  const off = encodeTphControl('none', 'off')
  const isOn = now.requester !== 'off'
  if (mode === null) return isOn || now.mode !== 'none' ? [off] : []
  if (isEnabled(now) && now.mode === mode) return []
  const on = encodeTphControl(mode, tph.extended ? 'extended' : 'tph')
  return isOn ? [off, on] : [on]
}

/** @throws UnsupportedError when the register is not visible, so that nobody can say what would be written */
function rehearse(host: Host, { fn, tph }: TphFunction, mode: StMode | null): ControlResult {
  const value = readTphControl(new ConfigSpace(fn.config.bytes), tph.offset)
  if (value === null) throw noTph(fn.bdf, fn.config.missing)
  const now = decodeTphControl(value)
  const planned = writesFor({ fn, tph }, now, mode)
  traceWrites(host, { fn, tph }, planned)
  return { device: fn.bdf, changed: false, before: now, control: now, planned }
}

/** Tells the trace the writes of the control register that are not done. */
export function traceWrites(
  { trace }: Host,
  { tph }: TphFunction,
  values: readonly number[],
): void {
  for (const value of values) {
    const bytes = u32Bytes(value)
    trace?.(`would ${describeWrite(tph.offset + PCI_TPH_CTRL, bytes)} [${hexBytes(bytes)}]`)
  }
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
