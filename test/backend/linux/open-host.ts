import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDevice } from '../../../src/backend/linux/open-device.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import { type FakeRoot, fakeRoot } from './fake-root.ts'
import { type Script, ScriptedLibc } from './scripted-libc.ts'

/** The device of these tests. */
export const BDF = '0000:81:00.0'

/** What may be otherwise on a host. */
export interface OpenHost {
  /** Null for none. */
  driver?: string | null
  group?: number | null
  cdev?: string | null
  /** Nodes that are not there. */
  without?: readonly string[]
  /** Nodes that are there beside the usual ones. */
  nodes?: readonly string[]
  script?: Partial<Script>
}

const NODES = ['/dev/iommu', '/dev/vfio/vfio', '/dev/vfio/12', '/dev/vfio/devices/vfio0']

/** A host with one device that nobody owns, ready to be opened by every way but the no-IOMMU ones. */
export function openHost(host: OpenHost = {}) {
  const { driver = 'vfio-pci', group = 12, cdev = 'vfio0', without = [], nodes = [], script } = host
  const fake = fakeRoot()
  neighbour(fake, BDF, driver, group, cdev)
  for (const node of [...NODES, ...nodes]) fake.file(node, '')
  for (const node of without) rmSync(join(fake.folder, node), { recursive: true })
  const libc = new ScriptedLibc(fake, script)
  const root = new Root(fake.folder)
  const fn = { bdf: BDF, iommuGroup: group }
  return {
    fake,
    libc,
    root,
    open: (how: 'cdev' | 'group' | null = null, vfToken: string | null = null) =>
      openDevice(root, libc, fn, { how, vfToken }),
  }
}

/** Adds a function. */
export function neighbour(
  fake: FakeRoot,
  bdf: string,
  driver: string | null,
  group: number | null,
  cdev: string | null = null,
): void {
  fake.pciFunction({
    bdf,
    vendor: 0x8086,
    device: 0x159b,
    config: new Uint8Array(64),
    ...(driver === null ? {} : { driver }),
    ...(group === null ? {} : { group }),
    ...(cdev === null ? {} : { vfioDev: { name: cdev, major: 511, minor: 0 } }),
  })
}
