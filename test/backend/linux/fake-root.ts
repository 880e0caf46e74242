import { basename } from 'node:path'
import { onTestFinished } from 'vitest'
import { parseCpuList } from '../../../src/args/cpu-list.ts'
import { FakeFiles } from './fake-files.ts'
import { type FakeProcess, writeProcess } from './fake-process.ts'

/** A PCI function; what is left out is not there, as on kernels that lack it. */
export interface FakePciFunction {
  readonly bdf: string
  /** The functions above it, the root port first; made on their own if they are to be more than folders. */
  readonly parents?: readonly string[]
  readonly vendor: number
  readonly device: number
  readonly config: Uint8Array
  readonly driver?: string
  readonly group?: number
  /** -1 where firmware does not say. */
  readonly numaNode?: number
  /** In the kernel's list form. */
  readonly localCpus?: string
  readonly vfioDev?: { readonly name: string; readonly major: number; readonly minor: number }
}

/** A machine's CPUs, all lists in the kernel's form. */
export interface FakeCpus {
  readonly possible: string
  readonly online: string
  /** By node id; left out for a kernel without NUMA. */
  readonly nodes?: Readonly<Record<number, string>>
  /** Level 3 caches; without `id` as on Arm where firmware gives none. */
  readonly l3?: readonly { readonly id?: number; readonly cpus: string }[]
  /** By package id. */
  readonly packages?: Readonly<Record<number, string>>
}

/** A host in a temporary folder, laid out as Linux lays out /sys and /proc, for `Root`. */
export class FakeRoot extends FakeFiles {
  pciFunction(fn: FakePciFunction): void {
    const folder = pciFolder([...(fn.parents ?? []), fn.bdf])
    this.file(`${folder}/config`, fn.config)
    this.files(folder, {
      vendor: `${hex(fn.vendor)}\n`,
      device: `${hex(fn.device)}\n`,
      numa_node: fn.numaNode,
      local_cpulist: fn.localCpus === undefined ? undefined : `${fn.localCpus}\n`,
    })
    this.linkTo(`/sys/bus/pci/devices/${fn.bdf}`, folder)
    if (fn.driver !== undefined) this.#driver(folder, fn.driver)
    if (fn.group !== undefined) this.#group(folder, fn.group)
    if (fn.vfioDev !== undefined) this.#vfioDev(folder, fn.vfioDev)
  }

  cpus({ possible, online, nodes, l3 = [], packages = {} }: FakeCpus): void {
    const folder = '/sys/devices/system/cpu'
    this.files(folder, { possible: `${possible}\n`, online: `${online}\n`, kernel_max: 8191 })
    this.directory(`${folder}/cpufreq`)
    for (const cpu of parseCpuList(possible)) this.directory(`${folder}/cpu${cpu}`)
    for (const cpu of parseCpuList(online)) this.#caches(`${folder}/cpu${cpu}/cache`, cpu)
    for (const { id, cpus } of l3) this.#l3(folder, id, cpus)
    for (const [id, cpus] of Object.entries(packages)) this.#package(folder, +id, cpus)
    if (nodes !== undefined) this.#nodes(nodes)
  }

  process(process: FakeProcess): void {
    writeProcess(this, process)
  }

  #driver(folder: string, driver: string): void {
    const place = `/sys/bus/pci/drivers/${driver}`
    this.linkTo(`${folder}/driver`, place)
    this.linkTo(`${place}/${basename(folder)}`, folder)
  }

  #group(folder: string, group: number): void {
    const place = `/sys/kernel/iommu_groups/${group}`
    this.linkTo(`${folder}/iommu_group`, place)
    this.linkTo(`${place}/devices/${basename(folder)}`, folder)
  }

  #vfioDev(folder: string, { name, major, minor }: NonNullable<FakePciFunction['vfioDev']>): void {
    const place = `${folder}/vfio-dev/${name}`
    this.file(`${place}/dev`, `${major}:${minor}\n`)
    this.linkTo(`${place}/device`, folder)
  }

  #caches(folder: string, cpu: number): void {
    for (const [index, level] of [1, 1, 2].entries()) {
      this.files(`${folder}/index${index}`, { level, id: cpu, shared_cpu_list: `${cpu}\n` })
    }
  }

  #l3(folder: string, id: number | undefined, cpus: string): void {
    for (const cpu of parseCpuList(cpus)) {
      const files = { level: 3, id, shared_cpu_list: `${cpus}\n` }
      this.files(`${folder}/cpu${cpu}/cache/index3`, files)
    }
  }

  #package(folder: string, id: number, cpus: string): void {
    for (const cpu of parseCpuList(cpus)) {
      this.file(`${folder}/cpu${cpu}/topology/physical_package_id`, id)
    }
  }

  #nodes(nodes: Readonly<Record<number, string>>): void {
    const folder = '/sys/devices/system/node'
    this.file(`${folder}/has_cpu`, '0\n')
    for (const [id, cpus] of Object.entries(nodes)) {
      this.file(`${folder}/node${id}/cpulist`, `${cpus}\n`)
    }
  }
}

/** A host for the test that runs, removed when it is over. */
export function fakeRoot(): FakeRoot {
  const root = new FakeRoot()
  onTestFinished(() => root.dispose())
  return root
}

/** The real folder of the last of these functions, each below the one before; a new domain starts with its host bridge. */
export function pciFolder(bdfs: readonly string[]): string {
  let domain = ''
  const names = bdfs.flatMap((bdf) => {
    const bridge = bdf.slice(0, -5)
    const above = domain
    domain = bdf.slice(0, -8)
    return domain === above ? [bdf] : [`pci${bridge}`, bdf]
  })
  return ['/sys/devices', ...names].join('/')
}

function hex(id: number): string {
  return `0x${id.toString(16).padStart(4, '0')}`
}
