import type { Bdf } from '../args/bdf.ts'
import { RefusedError, UnsupportedError } from '../errors.ts'
import { ConfigSpace } from '../pci/config-space.ts'
import {
  decodeTphControl,
  encodeTphControl,
  readTphControl,
  type StMode,
} from '../pci/tph-capability.ts'
import { explainErrno } from './errno-meaning.ts'
import { notTphSt } from './guard.ts'
import { findTphFunction, type Host, type TphFunction, withLockedDevice } from './host.ts'
import type { ControlInfo, ControlResult } from './results.ts'
import type { TphDevice } from './tph-device.ts'

/**
 * Turns TPH on in a mode, or off, by writing the control register through the owner's fd, and reads it back.
 *
 * @param mode null turns it off
 * @throws UnsupportedError when the capability lacks the mode or the kernel the feature; RefusedError when the register reads
 * back something else
 */
export function setControl(
  host: Host,
  bdf: Bdf,
  mode: StMode | null,
  dryRun: boolean,
): ControlResult {
  const found = findTphFunction(host, bdf)
  if (mode !== null && !found.tph.modes.includes(mode)) throw lacksMode(found, mode)
  if (dryRun) return rehearse(host, found, mode)
  return withLockedDevice(host, found.fn, (device) => {
    const errno = device.probe(['set'])
    if (errno !== 0) throw notTphSt(device.featureIndex, `PROBE SET says ${explainErrno(errno)}`)
    const { offset } = found.tph
    const before = decodeTphControl(device.readControl(offset))
    for (const value of writesFor(found, before, mode)) writeAndCheck(device, offset, value)
    const control = decodeTphControl(device.readControl(offset))
    return { device: bdf, changed: !isSame(before, control), before, control }
  })
}

/** The register values to write, one after the other; none when it is already so. */
function writesFor({ tph }: TphFunction, now: ControlInfo, mode: StMode | null): number[] {
  const off = encodeTphControl('none', 'off')
  const isOn = now.requester !== 'off'
  if (mode === null) return isOn || now.mode !== 'none' ? [off] : []
  if (isOn && now.mode === mode) return []
  const on = encodeTphControl(mode, tph.extended ? 'extended' : 'tph')
  return isOn ? [off, on] : [on]
}

/** The requester type is the kernel's choice, so only on or off and the mode are compared. */
function writeAndCheck(device: TphDevice, offset: number, value: number): void {
  device.writeControl(offset, value)
  const [asked, got] = [decodeTphControl(value), decodeTphControl(device.readControl(offset))]
  if (asked.mode === got.mode && (asked.requester === 'off') === (got.requester === 'off')) return
  const message = `Cannot set the TPH control register: it was written as ${controlText(asked)} and reads back ${controlText(got)}`
  throw new RefusedError(message, {
    hint: '"tphctl info" shows what the device and its root port support',
  })
}

function rehearse({ trace }: Host, { fn, tph }: TphFunction, mode: StMode | null): ControlResult {
  const now = decodeTphControl(readTphControl(new ConfigSpace(fn.config.bytes), tph.offset) ?? 0)
  const planned = writesFor({ fn, tph }, now, mode)
  for (const value of planned) {
    trace?.(
      `would write config 0x${(tph.offset + 8).toString(16)} length 4 value 0x${value.toString(16)}`,
    )
  }
  return { device: fn.bdf, changed: false, before: now, control: now, planned }
}

function lacksMode({ fn, tph }: TphFunction, mode: StMode): UnsupportedError {
  const has = tph.modes.length === 0 ? 'none at all' : tph.modes.join(', ')
  const message = `Cannot enable mode ${mode}: the device's capability has ${has}`
  return new UnsupportedError(message, { device: fn.bdf })
}

function isSame(a: ControlInfo, b: ControlInfo): boolean {
  return a.mode === b.mode && a.requester === b.requester
}

function controlText({ mode, requester }: ControlInfo): string {
  return requester === 'off' ? 'off' : `mode ${mode}, requester ${requester}`
}
