import type { Libc } from '../../../native-shims/libc.ts'
import { s32, viewOf } from '../../abi/codec.ts'
import {
  VFIO_API_VERSION,
  VFIO_CHECK_EXTENSION,
  VFIO_GET_API_VERSION,
  VFIO_GROUP_FLAGS_VIABLE,
  VFIO_GROUP_GET_DEVICE_FD,
  VFIO_GROUP_GET_STATUS,
  VFIO_GROUP_SET_CONTAINER,
  VFIO_NOIOMMU_IOMMU,
  VFIO_SET_IOMMU,
  VFIO_TYPE1_IOMMU,
  VFIO_TYPE1v2_IOMMU,
  vfio_group_status,
} from '../../abi/vfio.ts'
import type { Bdf } from '../../args/bdf.ts'
import { quote } from '../../args/quote.ts'
import { UnsupportedError } from '../../errors.ts'
import { noIommu, notViable } from './open-driver.ts'
import type { OpenFiles } from './open-files.ts'
import {
  CONTAINER_MEANINGS,
  deviceMeanings,
  groupMeanings,
  iommuMeanings,
  SET_CONTAINER_MEANINGS,
} from './open-group-meanings.ts'
import { type Meanings, stepFailed } from './open-refusals.ts'
import { ifPermitted } from './proc.ts'
import type { Root } from './root.ts'

const CONTAINER_NODE = '/dev/vfio/vfio'

/** A device that is to be opened through its group. */
export interface GroupedFunction {
  readonly bdf: Bdf
  readonly iommuGroup: number | null
}

/** The node of an IOMMU group; one that stands for no IOMMU at all has another name. */
export function groupNode(root: Root, group: number): string {
  const names = ifPermitted(() => root.names('/dev/vfio'), [])
  const unsafe = `noiommu-${group}`
  return `/dev/vfio/${names.includes(unsafe) ? unsafe : group}`
}

/**
 * Opens a device through its IOMMU group (uapi section 2, group and no-IOMMU group).
 *
 * @param files where the fds are kept
 * @param vfToken null for none
 * @param shared the group's fd, open and set up already; null to open it
 * @returns the device's fd
 * @throws TphctlError naming the step
 */
export function openGroup(
  root: Root,
  libc: Libc,
  { bdf, iommuGroup }: GroupedFunction,
  vfToken: string | null,
  files: OpenFiles,
  shared: number | null,
): number {
  if (iommuGroup === null) throw noIommu()
  if (shared !== null) return files.keep(getDevice(libc, shared, bdf, vfToken))
  const node = groupNode(root, iommuGroup)
  const hasIommu = !node.includes('noiommu')
  const container = files.open(CONTAINER_NODE, CONTAINER_MEANINGS)
  const group = files.open(node, groupMeanings(bdf, hasIommu))
  checkVersion(libc, container)
  if (!isViable(libc, group, node)) throw notViable(root, iommuGroup)
  joinContainer(libc, group, node, container)
  setIommu(libc, container, hasIommu)
  files.group = { number: iommuGroup, fd: group }
  return files.keep(getDevice(libc, group, bdf, vfToken))
}

function checkVersion(libc: Libc, container: number): void {
  const call = libc.ioctlValue(container, VFIO_GET_API_VERSION, 0)
  const version = succeeded(`ask ${quote(CONTAINER_NODE)} for its version`, call)
  if (version === VFIO_API_VERSION) return
  throw new UnsupportedError(
    `Cannot use ${quote(CONTAINER_NODE)}: its API has version ${version}, not ${VFIO_API_VERSION}`,
  )
}

function isViable(libc: Libc, group: number, node: string): boolean {
  const bytes = vfio_group_status.encode({ argsz: vfio_group_status.size, flags: 0 })
  succeeded(`ask ${quote(node)} for its status`, libc.ioctl(group, VFIO_GROUP_GET_STATUS, bytes))
  return (vfio_group_status.decode(bytes).flags & VFIO_GROUP_FLAGS_VIABLE) !== 0
}

function joinContainer(libc: Libc, group: number, node: string, container: number): void {
  const bytes = new Uint8Array(s32.size)
  s32.write(viewOf(bytes), 0, container)
  const result = libc.ioctl(group, VFIO_GROUP_SET_CONTAINER, bytes)
  succeeded(`put ${quote(node)} into a container`, result, SET_CONTAINER_MEANINGS)
}

function setIommu(libc: Libc, container: number, hasIommu: boolean): void {
  const type = hasIommu ? iommuType(libc, container) : VFIO_NOIOMMU_IOMMU
  const result = libc.ioctlValue(container, VFIO_SET_IOMMU, type)
  succeeded(`set IOMMU type ${type} of the container`, result, iommuMeanings(hasIommu))
}

function iommuType(libc: Libc, container: number): number {
  for (const type of [VFIO_TYPE1v2_IOMMU, VFIO_TYPE1_IOMMU]) {
    const result = libc.ioctlValue(container, VFIO_CHECK_EXTENSION, type)
    if (succeeded(`ask for IOMMU type ${type}`, result) > 0) return type
  }
  const message = 'Cannot set up the container: the kernel has no type 1 IOMMU driver for it'
  throw new UnsupportedError(message, { hint: 'load it with "modprobe vfio_iommu_type1"' })
}

function getDevice(libc: Libc, group: number, bdf: Bdf, vfToken: string | null): number {
  const name = vfToken === null ? bdf : `${bdf} vf_token=${vfToken}`
  const bytes = new TextEncoder().encode(`${name}\0`)
  const result = libc.ioctl(group, VFIO_GROUP_GET_DEVICE_FD, bytes)
  return succeeded('get the device from its group', result, deviceMeanings(vfToken !== null))
}

function succeeded(action: string, result: number, meanings?: Meanings): number {
  if (result < 0) throw stepFailed(action, -result, meanings)
  return result
}
