import { basename } from 'node:path'
import type { Bdf } from '../../args/bdf.ts'
import { decimal } from '../../args/integer.ts'
import type { PciFunction } from '../types.ts'
import { cpusIn, malformed, numberIn, required } from './host-file.ts'
import { once } from './once.ts'
import type { OwnerLookup } from './owner-lookup.ts'
import { configBytes, devicePath } from './pci-devices.ts'
import type { Root } from './root.ts'
import { rootPortCompleter } from './root-port.ts'

export { groupDevices, listFunctions, vfioDevName, vfioDevNumber } from './pci-devices.ts'

const ID = /^0x([0-9a-f]{4})$/

/**
 * A PCI function as sysfs shows it. Each member is read when it is first asked for, once; reading throws TphctlError when
 * a file is malformed or may not be read, save for `config`.
 */
export class LinuxFunction implements PciFunction {
  readonly bdf: Bdf
  readonly #root: Root
  readonly #vendorId = once(() => this.#id('vendor'))
  readonly #deviceId = once(() => this.#id('device'))
  readonly #driver = once(() => this.#linkName('driver'))
  readonly #iommuGroup = once(() => this.#group())
  readonly #numaNode = once(() => this.#node())
  readonly #localCpus = once(() => cpusIn(this.#root, this.#path('local_cpulist')) ?? [])
  readonly #config = once(() => configBytes(this.#root, this.bdf))
  readonly #completer = once(() => rootPortCompleter(this.#root, this.bdf))
  readonly #ownership: () => ReturnType<OwnerLookup['ownerOf']>

  constructor(root: Root, bdf: Bdf, owners: OwnerLookup) {
    this.bdf = bdf
    this.#root = root
    this.#ownership = once(() => owners.ownerOf(this))
  }

  get vendorId(): string {
    return this.#vendorId()
  }

  get deviceId(): string {
    return this.#deviceId()
  }

  get driver(): string | null {
    return this.#driver()
  }

  get iommuGroup(): number | null {
    return this.#iommuGroup()
  }

  get numaNode(): number | null {
    return this.#numaNode()
  }

  get localCpus(): readonly number[] {
    return this.#localCpus()
  }

  get config(): PciFunction['config'] {
    return { bytes: this.#config(), missing: 'not-readable' }
  }

  get completer(): PciFunction['completer'] {
    return this.#completer()
  }

  get owner(): PciFunction['owner'] {
    return this.#ownership().owner
  }

  get ownerVisible(): boolean {
    return this.#ownership().visible
  }

  #id(name: 'vendor' | 'device'): string {
    const path = this.#path(name)
    const text = required(path, this.#root.text(path))
    const id = ID.exec(text)?.[1]
    if (id === undefined) throw malformed(path, text, 'an id such as 0x8086')
    return id
  }

  #group(): number | null {
    const name = this.#linkName('iommu_group')
    if (name === null) return null
    const group = decimal(name)
    if (group < 0 || !Number.isSafeInteger(group))
      throw malformed(this.#path('iommu_group'), name, 'an IOMMU group')
    return group
  }

  #node(): number | null {
    const node = numberIn(this.#root, this.#path('numa_node'))
    return node === null || node < 0 ? null : node
  }

  #linkName(name: string): string | null {
    const path = this.#path(name)
    const target = this.#root.link(path)
    return target === null ? null : basename(target)
  }

  #path(name: string): string {
    return devicePath(this.bdf, name)
  }
}
