import { type Check, ok, problem, said, unknown, type Verdict } from './check.ts'
import { answeringOf, type HostSeen, meansCheck } from './host-seen.ts'

const LOAD_VFIO = 'load it with "modprobe vfio-pci"'
const NODE_RIGHT = 'run it as root, or give the node to this user with a udev rule'

/** The file that says `Y` where devices may be used without an IOMMU. */
export const NO_IOMMU_MODE = '/sys/module/vfio/parameters/enable_unsafe_noiommu_mode'

const iommu: Check<HostSeen> = {
  id: 'iommu',
  judge(seen) {
    const { path, names } = seen.facts.list('/sys/kernel/iommu_groups')
    if (names.length > 0) return ok(`${path}: ${counted(names.length, 'group')}`)
    const mode = seen.facts.read(NO_IOMMU_MODE)
    if (mode.text === 'Y') return ok(`${path}: no groups, but ${said(mode, 'Y')}`)
    const fix =
      'turn the IOMMU on in the firmware and, on Intel, with intel_iommu=on; without one only vfio.enable_unsafe_noiommu_mode=1 helps'
    return problem(`${path}: no groups; ${said(mode, mode.text ?? '')}`, fix)
  },
}

const vfio: Check<HostSeen> = {
  id: 'vfio',
  judge({ facts }) {
    const { path, names } = facts.list('/dev/vfio')
    if (names.length === 0) return problem(`${path}: nothing there`, LOAD_VFIO)
    const nodes = ['/dev/vfio/vfio', '/dev/iommu'].map((node) => ({ node, is: facts.node(node) }))
    const evidence = nodes.map(({ node, is }) => `${node}: ${is}`).join(', ')
    const there = nodes.filter(({ is }) => is !== 'missing')
    if (there.length === 0) return problem(evidence, LOAD_VFIO)
    return there.every(({ is }) => is === 'forbidden')
      ? problem(evidence, NODE_RIGHT)
      : ok(evidence)
  },
}

const binding: Check<HostSeen> = {
  id: 'native-binding',
  judge({ facts }) {
    if (facts.isCopy) return unknown('no native call is made on a copy of a host')
    const loaded = facts.binding()
    if (loaded.problem === null) return ok(`${loaded.name} loads`)
    return problem(loaded.problem, 'install tphctl again with its dependencies, or set TPHCTL_FFI')
  },
}

const types: Check<HostSeen> = {
  id: 'kernel-types',
  judge(seen): Verdict {
    const { struct, answered } = seen
    const what = 'vfio_device_feature_tph_st'
    switch (struct) {
      case 'present':
        return ok(`/sys/kernel/btf: has ${what}`)
      case 'unknown':
        return unknown(`/sys/kernel/btf: not readable, or without VFIO's feature structs`)
      case 'missing': {
        const evidence = `/sys/kernel/btf: has other VFIO feature structs, but not ${what}`
        const fix =
          'run a kernel with TPH_ST, or build and load vfio-tph-pci (native-shims/vfio-tph-pci)'
        return answered
          ? unknown(`${evidence}; ${answeringOf(seen)} answers all the same`)
          : problem(evidence, fix)
      }
    }
  },
}

/** What is asked of VFIO as a whole. */
export const vfioChecks: readonly Check<HostSeen>[] = [
  meansCheck(iommu),
  meansCheck(vfio),
  binding,
  types,
]

/** `1 group`, `2 groups`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
