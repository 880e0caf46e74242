import { formatNumberList } from '../args/cpu-list.ts'
import type { PciFunction } from '../backend/types.ts'
import { TphctlError } from '../errors.ts'
import { ConfigSpace } from '../pci/config-space.ts'
import { decodeTphControl, readTphControl, type TphCapability } from '../pci/tph-capability.ts'
import { examine, NOT_THERE, notTphSt } from './guard.ts'
import { type Host, lookUpTph, tableEntries, withDevice } from './host.ts'
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

/** What PROBE and the shape of GET say; unknown where a call fails for another reason than that the feature is not there. */
function featureInfo(host: Host, fn: PciFunction, tph: TphCapability): FeatureInfo | null {
  try {
    return withDevice(host, fn, (device) => {
      const { ops, refusal } = examine(device, ['get', 'set'], tableEntries({ fn, tph }))
      const errno = refusal?.errno ?? null
      if (errno !== null && !NOT_THERE.has(errno)) throw notTphSt(host.featureIndex, refusal)
      const supported = refusal === null
      return { supported, get: ops.has('get'), set: ops.has('set'), index: host.featureIndex }
    })
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    host.notices.note(`${fn.bdf}: its kernel feature is unknown: ${error.message}`)
    return null
  }
}
