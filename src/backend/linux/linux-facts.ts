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

/** What doctor reads of a real host, or of a copy of one. Nothing here throws for what is missing or forbidden. */
export class LinuxFacts implements HostFacts {
  readonly #root: Root
  readonly #libc: () => Libc

  /** @param libc gives the native calls, or throws TphctlError */
  constructor(root: Root, libc: () => Libc) {
    this.#root = root
    this.#libc = libc
  }

  get isCopy(): boolean {
    return !this.#root.isRunningHost
  }

  read(path: string): Reading {
    return this.#reading(path, () => this.#root.text(path))
  }

  list(path: string): Listing {
    return { path, names: orElse(() => this.#root.names(path), []).sort() }
  }

  node(path: string): NodeState {
    return this.#root.node(path)
  }

  /** The running kernel's own copy first: a file of that release may be of another build. */
  kernelConfig(): Reading {
    const running = this.#gzipped('/proc/config.gz')
    if (running.text !== null) return running
    const release = this.read(RELEASE).text ?? 'unknown'
    const module = this.read(`/lib/modules/${release}/config`)
    return module.text !== null ? module : this.read(`/boot/config-${release}`)
  }

  nodesOf({ bdf, iommuGroup }: Pick<PciFunction, 'bdf' | 'iommuGroup'>): readonly string[] {
    return orElse(() => {
      if (!isOnVfioDriver(this.#root, bdf)) return []
      const device = cdevNode(this.#root, bdf)
      const group = iommuGroup === null ? null : groupNode(this.#root, iommuGroup)
      return [device, group].filter((node) => node !== null)
    }, [])
  }

  isOnVfioDriver(bdf: Bdf): boolean {
    return orElse(() => isOnVfioDriver(this.#root, bdf), false)
  }

  blockers(group: number): readonly Blocker[] {
    const others = orElse(() => onHostDrivers(this.#root, group), [])
    return others.map(({ other: bdf, driver }) => ({ bdf, driver }))
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

function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof TphctlError)) codeOf(error)
    return otherwise
  }
}

/** The name of a failed system call's errno. @throws what was thrown, when it is none: that is a bug */
function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) throw error
  return code
}
