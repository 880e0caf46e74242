import {
  VFIO_DEVICE_PCI_TPH,
  VFIO_PCI_TPH_MODE_DS,
  VFIO_PCI_TPH_MODE_IV,
} from '../../abi/pci-tph-v8.ts'
import { encodeDisable, encodeEnable } from '../../abi/pci-tph-v8-codec.ts'
import { UnsupportedError } from '../../errors.ts'
import {
  decodeTphControl,
  encodeTphControl,
  type StMode,
  type TphCapability,
} from '../../pci/tph-capability.ts'
import { isEnabled } from '../control-info.ts'
import type { ControlInfo } from '../results.ts'
import type { ControlStep } from './types.ts'

const MODES = { iv: VFIO_PCI_TPH_MODE_IV, ds: VFIO_PCI_TPH_MODE_DS } as const

/** The operations that lead to a mode, or off (null). @throws UnsupportedError for No ST mode, which ENABLE has not */
export function controlSteps(
  { extended }: TphCapability,
  now: ControlInfo,
  mode: StMode | null,
): ControlStep[] {
  const isOn = now.requester !== 'off'
  if (mode === null) return isOn ? [OFF] : []
  if (isEnabled(now) && now.mode === mode) return []
  if (mode === 'none') {
    throw new UnsupportedError(
      'Cannot enable mode none: ENABLE of VFIO_DEVICE_PCI_TPH has modes iv and ds',
    )
  }
  const on: ControlStep = {
    value: encodeTphControl(mode, extended ? 'extended' : 'tph'),
    call: {
      request: VFIO_DEVICE_PCI_TPH,
      bytes: encodeEnable(MODES[mode]),
      name: `ENABLE ${mode}`,
      action: `enable mode ${mode}`,
    },
  }
  return isOn ? [OFF, on] : [on]
}

/** The operations that lead back to what the register was. */
export function controlStepsBack(tph: TphCapability, now: ControlInfo, was: number): ControlStep[] {
  const former = decodeTphControl(was)
  const isOff = former.requester === 'off' || former.mode === 'reserved'
  return controlSteps(tph, now, isOff ? null : former.mode)
}

const OFF: ControlStep = {
  value: encodeTphControl('none', 'off'),
  call: {
    request: VFIO_DEVICE_PCI_TPH,
    bytes: encodeDisable(),
    name: 'DISABLE',
    action: 'disable TPH',
  },
}
