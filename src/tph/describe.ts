import { formatNumberList } from '../args/cpu-list.ts'
import type { PciFunction } from '../backend/types.ts'
import { TphctlError } from '../errors.ts'
import { ConfigSpace } from '../pci/config-space.ts'
import { decodeTphControl, readTphControl, type TphCapability } from '../pci/tph-capability.ts'
import { NOT_THERE } from './errno-meaning.ts'
import { examine } from './guard.ts'
import { type Host, lookUpTph, withDevice } from './host.ts'
import type {
  ControlInfo,
  DeviceInfo,
  FeatureInfo,
  InfoResult,
  ListResult,
  TphInfo,
} from './results.ts'

const NOT_READABLE = 'extended config space is not readable without CAP_SYS_ADMIN'

/** Every function of the host that has a TPH Requester capability, and those that may have one. */
export function listDevices({ backend }: Host): ListResult {
  const looked = backend.functions().map((fn) => ({ fn, ...lookUpTph(fn) }))
  return {
    devices: looked.flatMap(({ fn, tph }) => (tph === null ? [] : [deviceInfo(fn, tph)])),
    undecided: looked.flatMap(({ fn, reason }) =>
      reason === null || reason === 'absent' ? [] : [{ device: fn.bdf, tphReason: reason }],
    ),
  }
}

/** Everything about one function; what needs its owner's fd is null, with a note, where that cannot be borrowed. */
export function describeDevice(host: Host, fn: PciFunction): InfoResult {
  const { tph, reason } = lookUpTph(fn)
  return {
    ...deviceInfo(fn, tph),
    tphReason: reason,
    control: tph === null ? null : controlInfo(fn, tph),
    completer: fn.completer,
    localCpus: formatNumberList(fn.localCpus),
    feature: tph === null ? null : featureInfo(host, fn, tph),
    notes: tph?.notes ?? (reason === 'not-readable' ? [NOT_READABLE] : []),
  }
}

/** What `list` says of a function. */
export function deviceInfo(fn: PciFunction, tph: TphCapability | null): DeviceInfo {
  const { bdf: device, vendorId, deviceId, driver, numaNode, iommuGroup, owner, ownerVisible } = fn
  return {
    device,
    vendorId,
    deviceId,
    driver,
    numaNode,
    iommuGroup,
    tph: tph === null ? null : tphInfo(tph),
    owner: owner === null ? null : { pid: owner.pid, command: owner.command, fd: owner.fd },
    ownerVisible,
  }
}

function tphInfo({ offset, modes, extended, stLocation, stEntries }: TphCapability): TphInfo {
  return { offset, modes, extended, stLocation, stEntries }
}

/** The control register as it can be seen without opening the device; null when it cannot. */
export function controlInfo(fn: PciFunction, tph: TphCapability): ControlInfo | null {
  const value = readTphControl(new ConfigSpace(fn.config.bytes), tph.offset)
  return value === null ? null : decodeTphControl(value)
}

/** What the kernel says when it is asked for its interface; unknown where a call fails for another reason than that the feature is not there. */
function featureInfo(host: Host, fn: PciFunction, tph: TphCapability): FeatureInfo | null {
  try {
    return withDevice(host, fn, (device) => {
      const { ops, refusal, kernel } = examine(host, { fn, tph }, device, 'all')
      const errno = refusal?.errno ?? null
      if (errno !== null && !NOT_THERE.has(errno)) throw kernel.refused(refusal)
      const supported = refusal === null
      const has = { get: ops.has('get'), set: ops.has('set') }
      return { supported, ...has, index: host.featureIndex, abi: supported ? kernel.name : null }
    })
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    host.notices.note(`${fn.bdf}: its kernel feature is unknown: ${error.message}`)
    return null
  }
}
