import { type StructValue, u32, viewOf } from './codec.ts'
import { describePciTph } from './pci-tph-v8-describe.ts'
import {
  CLEAR_ENTRY,
  TPH_ST_DATA_OFFSET,
  TPH_ST_OFFSET,
  VFIO_DEVICE_FEATURE_TPH_ST,
  VFIO_TPH_ST_MEM_TYPE_PM,
  vfio_device_feature_tph_st,
} from './tph-st.ts'
import {
  VFIO_DEVICE_FEATURE,
  VFIO_DEVICE_FEATURE_GET,
  VFIO_DEVICE_FEATURE_MASK,
  VFIO_DEVICE_FEATURE_PROBE,
  VFIO_DEVICE_FEATURE_SET,
  vfio_device_feature,
} from './vfio-feature.ts'
import { hasName, ioctlName } from './vfio-names.ts'

const KNOWN_FLAGS =
  VFIO_DEVICE_FEATURE_MASK |
  VFIO_DEVICE_FEATURE_GET |
  VFIO_DEVICE_FEATURE_SET |
  VFIO_DEVICE_FEATURE_PROBE

/**
 * One line about an ioctl for the `-v` trace: its name and, for VFIO_DEVICE_FEATURE, what is asked:
 * `VFIO_DEVICE_FEATURE SET TPH_ST index 0 count 4 vm cpus 8-11`. Never throws: of a short or
 * contradictory buffer it says what is in it, with its argsz.
 *
 * @param featureIndex the index that is TPH_ST here; others are shown as `feature 3`
 */
export function describeIoctl(
  request: number,
  bytes: Uint8Array,
  featureIndex: number = VFIO_DEVICE_FEATURE_TPH_ST,
): string {
  const name = ioctlName(request)
  if (!hasName(request)) return describePciTph(request, bytes) ?? name
  if (request !== VFIO_DEVICE_FEATURE) return name
  return [name, ...describeFeature(bytes, featureIndex)].join(' ')
}

function describeFeature(bytes: Uint8Array, featureIndex: number): string[] {
  if (bytes.length < u32.size) return []
  if (bytes.length < vfio_device_feature.size) return [`argsz ${u32.read(viewOf(bytes), 0)}`]
  const header = vfio_device_feature.decode(bytes)
  const { flags } = header
  const index = flags & VFIO_DEVICE_FEATURE_MASK
  const isTphSt = index === featureIndex
  return [
    ...describeOps(flags),
    isTphSt ? 'TPH_ST' : `feature ${index}`,
    ...describeUnknownFlags(flags & ~KNOWN_FLAGS),
    ...describePayload(bytes, header, isTphSt),
  ]
}

function describeOps(flags: number): string[] {
  const ops = [
    ...((flags & VFIO_DEVICE_FEATURE_GET) !== 0 ? ['GET'] : []),
    ...((flags & VFIO_DEVICE_FEATURE_SET) !== 0 ? ['SET'] : []),
  ]
  const methods = ops.length === 0 ? [] : [ops.join('|')]
  return (flags & VFIO_DEVICE_FEATURE_PROBE) === 0 ? methods : ['PROBE', ...methods]
}

function describeUnknownFlags(flags: number): string[] {
  return flags === 0 ? [] : [`flags 0x${(flags >>> 0).toString(16)}`]
}

function describePayload(
  bytes: Uint8Array,
  { argsz, flags }: StructValue<typeof vfio_device_feature>,
  isTphSt: boolean,
): string[] {
  const isProbe = (flags & VFIO_DEVICE_FEATURE_PROBE) !== 0
  if (isProbe && argsz === vfio_device_feature.size) return []
  if (isProbe || !isTphSt || bytes.length < TPH_ST_DATA_OFFSET) return [`argsz ${argsz}`]
  return describeTphSt(bytes, argsz, (flags & VFIO_DEVICE_FEATURE_SET) !== 0)
}

function describeTphSt(bytes: Uint8Array, argsz: number, isSet: boolean): string[] {
  const { flags, index, count } = vfio_device_feature_tph_st.decode(bytes, TPH_ST_OFFSET)
  const whole = argsz === TPH_ST_DATA_OFFSET + 4 * count && argsz <= bytes.length
  return [
    `index ${index}`,
    `count ${count}`,
    ...(isSet && flags <= VFIO_TPH_ST_MEM_TYPE_PM
      ? [flags === 0 ? 'vm' : 'pm']
      : describeUnknownFlags(flags)),
    ...(whole ? [] : [`argsz ${argsz}`]),
    ...(whole && isSet && count > 0 ? [`cpus ${formatData(dataOf(bytes, count))}`] : []),
  ]
}

function dataOf(bytes: Uint8Array, count: number): number[] {
  const view = viewOf(bytes)
  return Array.from({ length: count }, (_, i) => u32.read(view, TPH_ST_DATA_OFFSET + 4 * i))
}

/** In order, ascending runs joined: `8-11,8,8,none`. */
function formatData(data: readonly number[]): string {
  const runs: { first: number; last: number }[] = []
  for (const cpu of data) {
    const run = runs.at(-1)
    if (run !== undefined && cpu === run.last + 1 && cpu !== CLEAR_ENTRY) run.last = cpu
    else runs.push({ first: cpu, last: cpu })
  }
  return runs.map(formatRun).join(',')
}

function formatRun({ first, last }: { readonly first: number; readonly last: number }): string {
  if (first === CLEAR_ENTRY) return 'none'
  return first === last ? `${first}` : `${first}-${last}`
}
