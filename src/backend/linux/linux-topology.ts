import type { CpuSet, Topology } from '../../topology/topology.ts'
import { cpusIn, numberIn, required } from './host-file.ts'
import { once } from './once.ts'
import type { Root } from './root.ts'

const CPU = '/sys/devices/system/cpu'
const NODE = '/sys/devices/system/node'

/**
 * The CPUs of the host. Each member is read when it is first asked for, once; reading throws TphctlError naming the file
 * that is malformed, may not be read, or is missing though every kernel has it.
 */
export function readTopology(root: Root): Topology {
  return new LinuxTopology(root)
}

class LinuxTopology implements Topology {
  readonly #root: Root
  readonly #possible = once(() => this.#cpus('possible'))
  readonly #online = once(() => this.#cpus('online'))
  readonly #nodes = once(() => readNodes(this.#root))
  readonly #l3 = once(() => readL3(this.#root, this.online))
  readonly #packages = once(() => readPackages(this.#root, this.online))

  constructor(root: Root) {
    this.#root = root
  }

  get possible(): readonly number[] {
    return this.#possible()
  }

  get online(): readonly number[] {
    return this.#online()
  }

  get nodes(): readonly CpuSet[] {
    return this.#nodes()
  }

  get l3(): readonly CpuSet[] {
    return this.#l3()
  }

  get packages(): readonly CpuSet[] {
    return this.#packages()
  }

  #cpus(name: string): number[] {
    const path = `${CPU}/${name}`
    return required(path, cpusIn(this.#root, path))
  }
}

function readNodes(root: Root): CpuSet[] {
  const sets = new Map<number, Set<number>>()
  for (const id of numbered(root, NODE, /^node(\d{1,5})$/)) {
    addTo(sets, id, cpusIn(root, `${NODE}/node${id}/cpulist`) ?? [])
  }
  return sorted(sets)
}

/** A CPU that another one's cache was seen to be shared with is not asked again. */
function readL3(root: Root, online: readonly number[]): CpuSet[] {
  const sets = new Map<number, Set<number>>()
  const placed = new Set<number>()
  for (const cpu of online) {
    const cache = placed.has(cpu) ? null : l3Folder(root, cpu)
    if (cache === null) continue
    const path = `${cache}/shared_cpu_list`
    const shared = required(path, cpusIn(root, path))
    for (const one of shared) placed.add(one)
    // Arm kernels give no id where the firmware gives none.
    addTo(sets, idIn(root, `${cache}/id`) ?? shared[0] ?? cpu, shared)
  }
  return sorted(sets)
}

function l3Folder(root: Root, cpu: number): string | null {
  const folder = `${CPU}/cpu${cpu}/cache`
  const indexes = numbered(root, folder, /^index(\d{1,2})$/)
  const index = indexes.find((one) => numberIn(root, `${folder}/index${one}/level`) === 3)
  return index === undefined ? null : `${folder}/index${index}`
}

function readPackages(root: Root, online: readonly number[]): CpuSet[] {
  const sets = new Map<number, Set<number>>()
  for (const cpu of online) {
    const id = idIn(root, `${CPU}/cpu${cpu}/topology/physical_package_id`)
    if (id !== null) addTo(sets, id, [cpu])
  }
  return sorted(sets)
}

/** An id of -1 says that the kernel does not know it. */
function idIn(root: Root, path: string): number | null {
  const id = numberIn(root, path)
  return id === null || id < 0 ? null : id
}

/** The numbers in the names of a folder that match, the largest first: level 3 has the last index. */
function numbered(root: Root, folder: string, pattern: RegExp): number[] {
  const names = root.names(folder)
  const numbers = names.flatMap((name) => pattern.exec(name)?.[1] ?? []).map(Number)
  return numbers.sort((a, b) => b - a)
}

function addTo(sets: Map<number, Set<number>>, id: number, cpus: readonly number[]): void {
  const set = sets.get(id) ?? new Set()
  for (const cpu of cpus) set.add(cpu)
  sets.set(id, set)
}

function sorted(sets: ReadonlyMap<number, ReadonlySet<number>>): CpuSet[] {
  const list = [...sets].map(([id, cpus]) => ({ id, cpus: [...cpus].sort((a, b) => a - b) }))
  return list.sort((a, b) => a.id - b.id)
}
