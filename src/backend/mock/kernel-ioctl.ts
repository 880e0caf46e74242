import { E } from '../../abi/errno.ts'
import type { InterfaceName } from '../../abi/interface-names.ts'
import { VFIO_DEVICE_FEATURE_TPH_ST, vfio_device_feature_tph_st } from '../../abi/tph-st.ts'
import {
  VFIO_DEVICE_FEATURE,
  VFIO_DEVICE_FEATURE_GET,
  VFIO_DEVICE_FEATURE_MASK,
  VFIO_DEVICE_FEATURE_PROBE,
  VFIO_DEVICE_FEATURE_SET,
  VFIO_DEVICE_FLAGS_PCI,
  VFIO_DEVICE_FLAGS_RESET,
  VFIO_DEVICE_GET_INFO,
  VFIO_DEVICE_GET_REGION_INFO,
  VFIO_DEVICE_RESET,
  VFIO_DEVICE_SET_IRQS,
  vfio_device_feature,
  vfio_device_info,
} from '../../abi/vfio.ts'
import type { EmulatedFunction } from './emulated-function.ts'
import { setIrqs, VFIO_PCI_NUM_IRQS } from './kernel-irqs.ts'
import { regionInfo, VFIO_PCI_NUM_REGIONS } from './kernel-regions.ts'
import { pushWaitingTags, resetTph, tphSt } from './kernel-tph.ts'
import type { Memory } from './memory.ts'
import { changesPciTph, pciTph } from './pci-tph-v8.ts'

/** argsz that VFIO_DEVICE_GET_INFO asks for at least (offsetofend in vfio_pci_core.c). */
const INFO_MINSZ = 16

/** What an emulated kernel is like. */
export interface EmulatedKernel {
  /** The interface for steering tags that it has. */
  readonly abi: InterfaceName
  readonly possibleCpus: ReadonlySet<number>
}

/** Whether an ioctl can change the memory of the function, so that it has to be alone. */
export function changesState({ abi }: EmulatedKernel, request: number, bytes: Uint8Array): boolean {
  if (request === VFIO_DEVICE_RESET || request === VFIO_DEVICE_SET_IRQS) return true
  if (abi === 'pci-tph-v8') return changesPciTph(request, bytes)
  if (request !== VFIO_DEVICE_FEATURE || bytes.length < vfio_device_feature.size) return false
  const { flags } = vfio_device_feature.decode(bytes)
  return (flags & (VFIO_DEVICE_FEATURE_SET | VFIO_DEVICE_FEATURE_PROBE)) === VFIO_DEVICE_FEATURE_SET
}

/**
 * The device ioctls of vfio-pci with an interface for steering tags, on emulated memory.
 *
 * @param bytes the caller's buffer; its end stands for the end of readable memory
 * @returns 0 or the negative errno
 */
export function deviceIoctl(
  emulated: EmulatedFunction,
  memory: Memory,
  request: number,
  bytes: Uint8Array,
  kernel: EmulatedKernel,
): number {
  switch (request) {
    case VFIO_DEVICE_FEATURE:
      return deviceFeature(emulated, memory, bytes, kernel)
    case VFIO_DEVICE_GET_INFO:
      return deviceInfo(bytes)
    case VFIO_DEVICE_GET_REGION_INFO:
      return regionInfo(emulated, memory, bytes)
    case VFIO_DEVICE_SET_IRQS:
      return changeIrqs(emulated, memory, bytes, kernel)
    case VFIO_DEVICE_RESET:
      resetTph(emulated, memory)
      return 0
    default:
      return kernel.abi === 'pci-tph-v8'
        ? pciTph(emulated, memory, request, bytes, kernel.possibleCpus)
        : -E.ENOTTY
  }
}

/** Vectors that are allocated get the tags that waited for them, where a kernel keeps tags. */
function changeIrqs(
  emulated: EmulatedFunction,
  memory: Memory,
  bytes: Uint8Array,
  { abi }: EmulatedKernel,
): number {
  const result = setIrqs(emulated, memory, bytes)
  if (result === 0 && abi === 'tph-st') pushWaitingTags(emulated, memory)
  return result
}

/** `vfio_ioctl_device_feature` of Linux 7.3: its checks in its order (uapi section 1). */
function deviceFeature(
  emulated: EmulatedFunction,
  memory: Memory,
  bytes: Uint8Array,
  { abi, possibleCpus }: EmulatedKernel,
): number {
  if (bytes.length < vfio_device_feature.size) return -E.EFAULT
  const { argsz, flags } = vfio_device_feature.decode(bytes)
  const [get, set, probe] = [
    VFIO_DEVICE_FEATURE_GET,
    VFIO_DEVICE_FEATURE_SET,
    VFIO_DEVICE_FEATURE_PROBE,
  ].map((bit) => (flags & bit) !== 0)
  const known = VFIO_DEVICE_FEATURE_MASK | VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_SET
  if (argsz < vfio_device_feature.size) return -E.EINVAL
  if ((flags & ~(known | VFIO_DEVICE_FEATURE_PROBE)) !== 0) return -E.EINVAL
  if (get && set && !probe) return -E.EINVAL
  const index = flags & VFIO_DEVICE_FEATURE_MASK
  const isThere = abi === 'tph-st' && index === VFIO_DEVICE_FEATURE_TPH_ST
  if (!isThere || emulated.tph === null) return -E.ENOTTY
  if (probe) return 0
  if (!get && !set) return -E.EINVAL
  const header = vfio_device_feature.size + vfio_device_feature_tph_st.size
  if (argsz < header) return -E.EINVAL
  if (bytes.length < header) return -E.EFAULT
  return tphSt(emulated, memory, bytes, argsz, set ? 'set' : 'get', possibleCpus)
}

function deviceInfo(bytes: Uint8Array): number {
  if (bytes.length < INFO_MINSZ) return -E.EFAULT
  const argsz = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  if (argsz < INFO_MINSZ) return -E.EINVAL
  const info = vfio_device_info.encode({
    argsz,
    flags: VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI,
    num_regions: VFIO_PCI_NUM_REGIONS,
    num_irqs: VFIO_PCI_NUM_IRQS,
    cap_offset: 0,
  })
  const wanted = Math.min(argsz, info.length)
  if (bytes.length < wanted) return -E.EFAULT
  bytes.set(info.subarray(0, wanted))
  return 0
}
