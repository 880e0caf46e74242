import { type DeviceDescriptor, deviceDescriptor, groupOf } from './owner-match.ts'
import { descriptors, ifPermitted, processes } from './proc.ts'
import type { Root } from './root.ts'

/** A process as far as VFIO is concerned. */
export interface VfioProcess {
  readonly pid: number
  /** What may be open VFIO devices, by fd. */
  readonly devices: readonly DeviceDescriptor[]
  /** The IOMMU groups it holds open. */
  readonly groups: ReadonlySet<number>
}

/** All processes at one time. */
export interface Scan {
  /** Those that may hold VFIO devices, by pid. */
  readonly processes: readonly VfioProcess[]
  /** Whether there are processes whose open files cannot be seen. */
  readonly hidden: boolean
}

/** In the /proc of a gathered host: says that there were processes that could not be seen, since a copy has no rights of its own. */
export const HIDDEN_MARK = 'hidden-processes'

/** Looks at every process but `self`. */
export function scanProcesses(root: Root, self: number | null): Scan {
  const pids = processes(root)
  const found: VfioProcess[] = []
  // Mounted with hidepid, /proc lists our own processes only.
  let hidden = !pids.includes(1) || isInContainer(root) || isMarkedHidden(root)
  for (const pid of pids) {
    const process = pid === self ? null : lookInto(root, pid)
    if (process === 'forbidden') hidden = true
    else if (process !== null && process.devices.length > 0) found.push(process)
  }
  return { processes: found, hidden }
}

/**
 * In a PID namespace of its own a process does not see those of the host; the host's has a fixed number (PROC_PID_INIT_INO). A
 * kernel without CONFIG_PID_NS has none to show.
 */
function isInContainer(root: Root): boolean {
  if (!root.isRunningHost) return false
  const namespace = root.link('/proc/self/ns/pid')
  return namespace !== null && namespace !== 'pid:[4026531836]'
}

function isMarkedHidden(root: Root): boolean {
  return !root.isRunningHost && root.names('/proc').includes(HIDDEN_MARK)
}

/** Looks at one process; one that is gone holds nothing. @throws TphctlError for what fails otherwise than for want of rights */
export function lookInto(root: Root, pid: number): VfioProcess | 'forbidden' {
  return ifPermitted<VfioProcess | 'forbidden'>(() => {
    const all = descriptors(root, pid)
    const groups = all.map(groupOf).filter((group) => group !== null)
    const devices = all.map((one) => deviceDescriptor(root, pid, one)).filter((one) => one !== null)
    return { pid, devices, groups: new Set(groups) }
  }, 'forbidden')
}
