import { RefusedError, UnsupportedError } from '../../errors.ts'
import { decodeTphControl, type TphCapability } from '../../pci/tph-capability.ts'
import { isEnabled } from '../control-info.ts'
import { noEntries } from './device-table.ts'
import type { OpenDevice } from './types.ts'

/** SET_ST is sent only where it can work. @throws RefusedError, UnsupportedError */
export function requireProgrammable(device: OpenDevice, tph: TphCapability): void {
  if (tph.stEntries === 0) throw noEntries(device)
  const control = decodeTphControl(device.readControl(tph.offset))
  if (isEnabled(control) && control.mode !== 'none') return
  const state = isEnabled(control) ? 'TPH is on in mode none' : 'TPH is off'
  throw new RefusedError(
    `Cannot set ST entries: ${state}, and this kernel's interface programs them only while it is on`,
    { hint: `"tphctl enable ${device.bdf} --mode ${modeToEnable(tph)}" turns it on` },
  )
}

/** The same of GET_ST. @throws RefusedError, UnsupportedError */
export function requireDeviceSpecific(device: OpenDevice, tph: TphCapability): void {
  if (!tph.modes.includes('ds')) {
    throw new UnsupportedError('Cannot ask for tags: GET_ST is for DS mode, which the device lacks')
  }
  const control = decodeTphControl(device.readControl(tph.offset))
  if (isEnabled(control) && control.mode === 'ds') return
  throw new RefusedError('Cannot ask for tags: GET_ST is for DS mode, which is not on', {
    hint: `"tphctl enable ${device.bdf} --mode ds" turns it on`,
  })
}

function modeToEnable({ modes }: TphCapability): string {
  return modes.includes('iv') ? 'iv' : 'ds'
}
