import {
  VFIO_DEVICE_FEATURE,
  VFIO_DEVICE_FEATURE_GET,
  VFIO_DEVICE_FEATURE_PROBE,
  VFIO_DEVICE_FEATURE_SET,
  vfio_device_feature,
} from '../../src/abi/vfio.ts'
import { ioctlName } from '../../src/abi/vfio-names.ts'

const METHODS = [
  [VFIO_DEVICE_FEATURE_PROBE, 'PROBE'],
  [VFIO_DEVICE_FEATURE_SET, 'SET'],
  [VFIO_DEVICE_FEATURE_GET, 'GET'],
] as const

/** An ioctl by its name; of a feature with what is asked of it. */
export function ioctlKind(request: number, bytes: Uint8Array): string {
  const name = `ioctl ${ioctlName(request)}`
  if (request !== VFIO_DEVICE_FEATURE) return name
  const { flags } = vfio_device_feature.decode(bytes)
  return `${name} ${METHODS.find(([bit]) => (flags & bit) !== 0)?.[1] ?? ''}`
}
