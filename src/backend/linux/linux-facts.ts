import { gunzipSync } from 'node:zlib'
import type { Libc } from '../../../native-shims/libc.ts'
import type { Bdf } from '../../args/bdf.ts'
import { TphctlError } from '../../errors.ts'
import type { Blocker, HostFacts, Listing, NodeState, Reading } from '../host-facts.ts'
import type { PciFunction } from '../types.ts'
import { cdevNode } from './open-cdev.ts'
import { isOnVfioDriver, onHostDrivers } from './open-driver.ts'
import { groupNode } from './open-group.ts'
import type { Root } from './root.ts'

/** Many times what a kernel's configuration takes: what is unpacked may be anything. */
const MOST_BYTES = 16 * 1024 * 1024
const RELEASE = '/proc/sys/kernel/osrelease'

/** What doctor reads of a real host, or of a copy of one. What is missing is no error; what cannot be read otherwise is thrown. */
export class LinuxFacts implements HostFacts {
  readonly #root: Root
  readonly #libc: () => Libc
  readonly #readings = new Map<string, Reading>()

  /** @param libc gives the native calls, or throws TphctlError */
  constructor(root: Root, libc: () => Libc) {
    this.#root = root
    this.#libc = libc
  }

  get isCopy(): boolean {
    return !this.#root.isRunningHost
  }

  read(path: string): Reading {
    const known = this.#readings.get(path)
    if (known !== undefined) return known
    const reading = this.#reading(path, () => this.#root.text(path))
    this.#readings.set(path, reading)
    return reading
  }

  list(path: string): Listing {
    return { path, names: this.#root.names(path).sort() }
  }

  node(path: string): NodeState {
    return this.#root.node(path)
  }

  /** The running kernel's own copy first: a file of that release may be of another build. */
  kernelConfig(): readonly Reading[] {
    const running = this.#gzipped('/proc/config.gz')
    if (running.text !== null) return [running]
    const release = this.read(RELEASE)
    if (release.text === null) return [running, release]
    const module = this.read(`/lib/modules/${release.text}/config`)
    if (module.text !== null) return [running, module]
    return [running, module, this.read(`/boot/config-${release.text}`)]
  }

  nodesOf({ bdf, iommuGroup }: Pick<PciFunction, 'bdf' | 'iommuGroup'>): readonly string[] {
    if (!isOnVfioDriver(this.#root, bdf)) return []
    const device = cdevNode(this.#root, bdf)
    const group = iommuGroup === null ? null : groupNode(this.#root, iommuGroup)
    return [device, group].filter((node) => node !== null)
  }

  isOnVfioDriver(bdf: Bdf): boolean {
    return isOnVfioDriver(this.#root, bdf)
  }

  blockers(group: number): readonly Blocker[] {
    return onHostDrivers(this.#root, group).map(({ other: bdf, driver }) => ({ bdf, driver }))
  }

  binding(): ReturnType<HostFacts['binding']> {
    try {
      return { name: this.#libc().name, problem: null }
    } catch (error) {
      if (error instanceof TphctlError) return { problem: error.message }
      throw error
    }
  }

  #gzipped(path: string): Reading {
    return this.#reading(path, () => {
      const bytes = this.#root.bytes(path)
      return bytes === null
        ? null
        : gunzipSync(bytes, { maxOutputLength: MOST_BYTES }).toString('latin1')
    })
  }

  #reading(path: string, read: () => string | null): Reading {
    try {
      const text = read()
      return { path, text, errno: text === null ? 'ENOENT' : null }
    } catch (error) {
      return { path, text: null, errno: codeOf(error) }
    }
  }
}

/** The errno's name, or that of zlib for what is not compressed. @throws what was thrown, when it is none: that is a bug */
function codeOf(error: unknown): string {
  const code = error instanceof TphctlError ? error.errno : (error as NodeJS.ErrnoException).code
  if (code === undefined) throw error
  return code
}
