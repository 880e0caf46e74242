import { TphctlError } from '../errors.ts'
import { ConfigSpace } from '../pci/config-space.ts'
import { isIntegrated } from '../pci/express.ts'
import { type Check, ok, problem, unknown } from './check.ts'
import type { DeviceSeen } from './device-seen.ts'

/** The fix for config space of which only the beginning can be read. */
export const AS_ADMIN = 'run it as root or with CAP_SYS_ADMIN'
/** The fix for a dump that ends too early. */
export const WHOLE_DUMP = 'take the dump with "lspci -D -xxxx" as root'
const ALL_ROOT_PORTS = 'put it into a slot whose root port completes TPH'

const capability: Check<DeviceSeen> = {
  id: 'capability',
  judge({ fn, facts, tph, tphReason }) {
    const where = inSysfs({ fn, facts }, 'config')
    if (tph !== null) {
      const at = `TPH Requester capability at 0x${tph.offset.toString(16)}`
      return ok(`${where}: ${at}, modes ${tph.modes.join(',')}`)
    }
    switch (tphReason) {
      case 'not-readable':
        return unknown(`${where}: only ${fn.config.bytes.length} bytes can be read`, AS_ADMIN)
      case 'not-in-dump':
        return unknown(`${where}: the dump ends before it`, WHOLE_DUMP)
      default:
        return problem(
          `${where}: no TPH Requester capability`,
          '"tphctl list" shows the devices with TPH',
        )
    }
  },
}

const table: Check<DeviceSeen> = {
  id: 'st-table',
  judge({ fn, tph }) {
    if (tph === null) return null
    const { stLocation, stEntries, notes } = tph
    const size = stEntries === 1 ? '1 entry' : `${stEntries} entries`
    const evidence = [`${stLocation}, ${size}`, ...notes].join('; ')
    switch (stLocation) {
      case 'none':
        return ok(`none: its own driver places tags, "tphctl tag ${fn.bdf} CPUS" shows them`)
      case 'reserved':
        return problem(evidence, null)
      default:
        return stEntries === 0 ? problem(evidence, null) : ok(evidence)
    }
  },
}

const rootPort: Check<DeviceSeen> = {
  id: 'root-port',
  judge({ fn, tph }) {
    switch (fn.completer) {
      case 'extended':
        return ok('Device Capabilities 2 above it: completes extended TPH')
      case 'tph': {
        const narrow = tph?.extended ? ', so its tags have 8 bits' : ''
        return ok(`Device Capabilities 2 above it: completes TPH${narrow}`)
      }
      case 'none':
        return problem('Device Capabilities 2 above it: completes no TPH', ALL_ROOT_PORTS)
      case null:
        return isIntegrated(new ConfigSpace(fn.config.bytes))
          ? ok('none: the device is integrated in the root complex')
          : unknown('no root port above it, or its config space cannot be read', AS_ADMIN)
    }
  },
}

const driver: Check<DeviceSeen> = {
  id: 'driver',
  judge({ fn, facts }) {
    const where = inSysfs({ fn, facts }, 'driver')
    const isVfio = facts?.isOnVfioDriver(fn.bdf) ?? fn.driver?.includes('vfio') ?? false
    if (isVfio) return ok(`${where}: ${fn.driver}`)
    const fix = `bind it with "driverctl set-override ${fn.bdf} vfio-pci" (driver_override in sysfs)`
    return fn.driver === null
      ? problem(`${where}: none`, fix)
      : problem(`${where}: ${fn.driver}, the host uses it`, fix)
  },
}

const group: Check<DeviceSeen> = {
  id: 'iommu-group',
  judge({ fn, facts }) {
    if (facts === null) return null
    const where = inSysfs({ fn, facts }, 'iommu_group')
    if (fn.iommuGroup === null) {
      return problem(`${where}: none`, 'see "iommu" of the host')
    }
    const blockers = facts.blockers(fn.iommuGroup).filter(({ bdf }) => bdf !== fn.bdf)
    const [first] = blockers
    if (first === undefined) return ok(`${where}: ${fn.iommuGroup}, viable`)
    const list = blockers.map((one) => `${one.bdf} is on driver ${one.driver}`).join(', ')
    const fix = `bind it too: "driverctl set-override ${first.bdf} vfio-pci" (driver_override in sysfs)`
    return problem(`${where}: ${fn.iommuGroup}, not viable, ${list}`, fix)
  },
}

const node: Check<DeviceSeen> = {
  id: 'device-node',
  judge({ fn, facts, owner }) {
    const nodes = (facts?.nodesOf(fn) ?? []).map((path) => ({ path, is: facts?.node(path) }))
    if (nodes.length === 0) return null
    const evidence = nodes.map(({ path, is }) => `${path}: ${is}`).join(', ')
    if (nodes.some(({ is }) => is === 'usable' || is === 'there')) return ok(evidence)
    if (!(owner instanceof TphctlError)) return ok(`${evidence}; not needed while it has an owner`)
    return nodes.some(({ is }) => is === 'forbidden')
      ? problem(evidence, 'run it as root, or give the node to this user with a udev rule')
      : problem(
          evidence,
          'load the driver with "modprobe vfio-pci"; a container needs the node passed in',
        )
  },
}

/** What a device, its place and its driver must be like. */
export const deviceChecks: readonly Check<DeviceSeen>[] = [
  capability,
  table,
  rootPort,
  driver,
  group,
  node,
]

/** Where in sysfs something of a function is; an emulated one has no such place. */
export function inSysfs({ fn, facts }: Pick<DeviceSeen, 'fn' | 'facts'>, name: string): string {
  return facts === null ? `emulated ${name}` : `/sys/bus/pci/devices/${fn.bdf}/${name}`
}
