import { BDF, type Rig, rigOf } from '../scripted-host.ts'
import { V8Device } from './v8-device.ts'

/** A host whose one device has VFIO_DEVICE_PCI_TPH. */
export interface V8Rig extends Rig {
  readonly device: V8Device
}

/** Such a host, the control register as told; by default off, a table of 64 in the capability. */
export function v8Rig(control = 0, capability?: number): V8Rig {
  const device = new V8Device(BDF, capability)
  device.putControl(control)
  return { ...rigOf([device]), device }
}
