import { MAX_ST_ENTRIES, VFIO_DEVICE_FEATURE_TPH_ST } from '../abi/tph-st.ts'
import { VFIO_DEVICE_FEATURE } from '../abi/vfio.ts'
import { VERSION } from '../version.ts'
import type { CommandSpec } from './spec.ts'

/** `tphctl version`. */
export const version: CommandSpec = {
  arguments: [],
  options: [],
  examples: ['version --json'],
  run() {
    const abi = {
      ioctl: 'VFIO_DEVICE_FEATURE',
      request: `0x${VFIO_DEVICE_FEATURE.toString(16)}`,
      feature: 'TPH_ST',
      featureIndex: VFIO_DEVICE_FEATURE_TPH_ST,
      maxEntries: MAX_ST_ENTRIES,
    }
    return { result: { kind: 'version', value: { version: VERSION, abi } } }
  },
}
