/** A NUMA node, L3 domain or package: the kernel's id of it and its CPUs. */
export interface CpuSet {
  readonly id: number
  /** Ascending. */
  readonly cpus: readonly number[]
}

/** The CPUs of a machine, as /sys/devices/system/cpu and /sys/devices/system/node tell them. All lists ascending. */
export interface Topology {
  /** CPUs that may ever exist (`cpu/possible`). */
  readonly possible: readonly number[]
  /** CPUs that run now (`cpu/online`). */
  readonly online: readonly number[]
  readonly nodes: readonly CpuSet[]
  /** CPUs that share a level 3 cache, by the cache's `id`. */
  readonly l3: readonly CpuSet[]
  /** Sockets, by `physical_package_id`. */
  readonly packages: readonly CpuSet[]
}

/** Where a device sits: its `local_cpulist` and `numa_node` in sysfs. */
export interface DeviceLocality {
  /** Empty when unknown. */
  readonly localCpus: readonly number[]
  /** Null when the firmware does not say (-1 in sysfs). */
  readonly numaNode: number | null
}
