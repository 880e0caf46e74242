import { expect } from 'vitest'
import type { PciFunction } from '../../src/backend/types.ts'
import type { StMode } from '../../src/pci/tph-control.ts'
import { type ControlOutcome, setControl } from '../../src/tph/control.ts'
import { CAPABILITY, ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

/** Where the TPH control register of a scripted device is. */
export const REGISTER = CAPABILITY + 8

/** A host whose device's register starts as that value. */
export function rigWith(control: number, capability?: number): Rig {
  const rig = rigOf([new ScriptedDevice(BDF, capability)])
  putRegister(rig, control)
  return rig
}

/** `tphctl enable` in a mode, or `disable`. */
export function control(
  { host }: Pick<Rig, 'host'>,
  mode: StMode | null,
  dryRun = false,
): ControlOutcome {
  return setControl(host, BDF, mode, dryRun)
}

/** The register as the device has it. */
export function register({ device }: Rig): number {
  return new DataView(device.config.buffer).getUint32(REGISTER, true)
}

/** Changes the register behind everybody's back. */
export function putRegister({ device }: Rig, value: number): void {
  new DataView(device.config.buffer).setUint32(REGISTER, value, true)
}

/** The values written, all of them 4 bytes at `offset`. */
export function written({ device }: Rig, offset = REGISTER): number[] {
  expect(device.writes.every(([at]) => at === offset)).toBe(true)
  return device.writes.map(([, value]) => value)
}

/** Has sysfs show other config space than the device's fd does. */
export function showInSysfs({ backend }: Rig, config: PciFunction['config']): void {
  const shown = backend.functions().map((fn) => ({ ...fn, config }))
  Object.assign(backend, { functions: () => shown })
}
