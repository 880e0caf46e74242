import { OwnerFinder } from '../../../src/backend/linux/owner-finder.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import { PermissionError } from '../../../src/errors.ts'
import type { FakeProcess } from './fake-process.ts'
import { type FakeRoot, fakeRoot } from './fake-root.ts'

/** The device of these tests and its neighbour. */
export const BDF = '0000:81:00.0'
export const OTHER = '0000:82:00.0'

/** How an fd that came from a group looks. */
export const ANONYMOUS = 'anon_inode:[vfio-device]'

/** A root of which something may not be read: unless told, the open files of process 700. */
export class GuardedRoot extends Root {
  readonly #guarded: string

  constructor(folder: string, guarded = '/proc/700/fd') {
    super(folder)
    this.#guarded = guarded
  }

  override names(path: string): string[] {
    this.#guard(path)
    return super.names(path)
  }

  override bytes(path: string): Uint8Array | null {
    this.#guard(path)
    return super.bytes(path)
  }

  #guard(path: string): void {
    if (path !== this.#guarded) return
    throw new PermissionError(`Cannot read ${path}: EACCES, permission denied`, { errno: 'EACCES' })
  }
}

type Fds = FakeProcess['fds']

/** An fd of Linux 6.18, which says what it is. */
export function said(bdf: string, link = ANONYMOUS): Fds[number] {
  return { link, fdinfo: `vfio-device-syspath:\t/sys/devices/pci0000:80/${bdf}\n` }
}

/** A host with the two devices, each on vfio-pci in a group of its own, and a first process that holds nothing. */
export function ownerHost(group: number | null = 12): {
  fake: FakeRoot
  root: Root
  fn: { bdf: string; iommuGroup: number | null }
} {
  const fake = fakeRoot()
  const any = { vendor: 0x8086, device: 0x159b, config: new Uint8Array(64), driver: 'vfio-pci' }
  const grouped = group === null ? {} : { group }
  const dev = (name: string, minor: number) => ({ vfioDev: { name, major: 511, minor } })
  fake.pciFunction({ ...any, ...grouped, ...dev('vfio0', 0), bdf: BDF })
  fake.pciFunction({ ...any, group: 13, ...dev('vfio1', 1), bdf: OTHER })
  holder(fake, 1, {}, 'init')
  return { fake, root: new Root(fake.folder), fn: { bdf: BDF, iommuGroup: group } }
}

/** Adds a process. */
export function holder(fake: FakeRoot, pid: number, fds: Fds, comm = 'qemu'): void {
  fake.process({ pid, comm, startTime: pid * 10, allowed: '0-3', fds })
}

/** The process that a new finder finds to own the device, as `pid:fd`; else whether that can be told. */
export function ownerIn({ root, fn }: ReturnType<typeof ownerHost>): string {
  const { owner, visible } = new OwnerFinder(root).ownerOf(fn)
  return owner === null ? `none, ${visible ? 'visible' : 'hidden'}` : `${owner.pid}:${owner.fd}`
}
