import { describe, expect, it } from 'vitest'
import { LinuxFunction } from '../../../src/backend/linux/linux-function.ts'
import type { OwnerLookup } from '../../../src/backend/linux/owner-lookup.ts'
import type { Owner } from '../../../src/backend/types.ts'
import { ConfigSpace } from '../../../src/pci/config-space.ts'
import { findTph } from '../../../src/pci/tph-capability.ts'
import { CountingRoot } from './counting-root.ts'
import { type FakePciFunction, fakeRoot } from './fake-root.ts'
import { tphConfig } from './linux-configs.ts'
import { caught } from './owner-caught.ts'
import { GuardedRoot } from './owner-host.ts'

const BDF = '0000:81:00.0'
const nobody: OwnerLookup = { ownerOf: () => ({ owner: null, visible: true }) }

function make(fn: Partial<FakePciFunction> = {}, owners = nobody) {
  const fake = fakeRoot()
  const config = fn.config ?? tphConfig()
  fake.pciFunction({ bdf: BDF, vendor: 0x8086, device: 0x159b, ...fn, config })
  const root = new CountingRoot(fake.folder)
  return { fake, root, fn: new LinuxFunction(root, BDF, owners) }
}

describe('LinuxFunction', () => {
  it('reads a function of a NUMA host', () => {
    const { fn } = make({
      parents: ['0000:80:01.0'],
      driver: 'mlx5-vfio-pci',
      group: 42,
      numaNode: 1,
      localCpus: '8-9,24',
    })
    expect(fn).toMatchObject({
      bdf: BDF,
      vendorId: '8086',
      deviceId: '159b',
      driver: 'mlx5-vfio-pci',
      iommuGroup: 42,
      numaNode: 1,
      localCpus: [8, 9, 24],
      completer: null,
      owner: null,
      ownerVisible: true,
    })
    expect(fn.config).toEqual({ bytes: tphConfig(), missing: 'not-readable' })
  })

  it('reads a function without driver, group, NUMA node and CPUs', () => {
    const { fn } = make()
    expect(fn).toMatchObject({ driver: null, iommuGroup: null, numaNode: null, localCpus: [] })
  })

  it('takes node -1 and an empty CPU list for unknown', () => {
    expect(make({ numaNode: -1, localCpus: '' }).fn).toMatchObject({
      numaNode: null,
      localCpus: [],
    })
  })

  it('takes node 0 and group 0 for what they are', () => {
    expect(make({ numaNode: 0, group: 0 }).fn).toMatchObject({ numaNode: 0, iommuGroup: 0 })
  })

  it('shows the 64 bytes that config has without privilege as they are', () => {
    const { fn } = make({ config: tphConfig({ size: 64 }) })
    expect(fn.config.bytes).toHaveLength(64)
    expect(findTph(new ConfigSpace(fn.config.bytes)).reason).toBe('not-visible')
  })

  it('shows no bytes of a config that this user may not read, or that a copy lacks', () => {
    const { fake, root } = make()
    expect(new LinuxFunction(root, '0000:99:00.0', nobody).config.bytes).toHaveLength(0)
    const guarded = new GuardedRoot(fake.folder, `/sys/bus/pci/devices/${BDF}/config`)
    expect(new LinuxFunction(guarded, BDF, nobody).config.bytes).toHaveLength(0)
  })

  it('does not take a config that cannot be read for one that may not be', () => {
    const { fake, root } = make()
    fake.directory('/sys/bus/pci/devices/0000:99:00.0/config')
    const { exitCode, message } = caught(
      () => new LinuxFunction(root, '0000:99:00.0', nobody).config,
    )
    expect([exitCode, message]).toEqual([
      1,
      expect.stringMatching(/^Cannot read \/sys\/.*\/config: EISDIR, /),
    ])
  })

  it('takes the ids of a VF from sysfs, not from its config', () => {
    const config = tphConfig({ vendor: 0xffff, device: 0xffff })
    const { fn } = make({ vendor: 0x15b3, device: 0x101e, config })
    expect([fn.vendorId, fn.deviceId]).toEqual(['15b3', '101e'])
    expect(findTph(new ConfigSpace(fn.config.bytes)).tph).toMatchObject({ stEntries: 64 })
  })

  it('keeps leading zeros of ids', () => {
    expect(make({ vendor: 0x001c, device: 0 }).fn).toMatchObject({
      vendorId: '001c',
      deviceId: '0000',
    })
  })

  it('reads each member once and keeps it', () => {
    const { fake, root, fn } = make({ driver: 'vfio-pci', group: 3, numaNode: 1, localCpus: '1' })
    expect(root.reads).toEqual([])
    const all = () => [fn.vendorId, fn.driver, fn.iommuGroup, fn.numaNode, fn.localCpus, fn.config]
    const first = all()
    fake.file(`/sys/bus/pci/devices/${BDF}/vendor`, '0x1234\n')
    expect(all()).toEqual(first)
    expect(root.reads).toHaveLength(6)
    expect(fn.config.bytes).toBe(fn.config.bytes)
  })

  it('looks the owner up once, and its group only where the lookup asks', () => {
    const owner: Owner = { pid: 7, command: 'qemu', fd: 9, startTime: '1', allowedCpus: null }
    const asked: string[] = []
    const ownerOf: OwnerLookup['ownerOf'] = ({ bdf }) => {
      asked.push(bdf)
      return { owner, visible: false }
    }
    const { root, fn } = make({ group: 3 }, { ownerOf })
    expect([fn.owner, fn.owner, fn.ownerVisible]).toEqual([owner, owner, false])
    expect(asked).toEqual([BDF])
    expect(root.reads).toEqual([])
  })

  it('hands its group to the lookup', () => {
    let group: number | null = null
    const ownerOf: OwnerLookup['ownerOf'] = ({ iommuGroup }) => {
      group = iommuGroup
      return { owner: null, visible: true }
    }
    void make({ group: 3 }, { ownerOf }).fn.owner
    expect(group).toBe(3)
  })

  it.each([
    ['vendorId', 'vendor', '8086\n', '"8086" is not an id such as 0x8086'],
    ['deviceId', 'device', '0x12345\n', '"0x12345" is not an id such as 0x8086'],
    ['numaNode', 'numa_node', 'x\u0007\n', '"x\\u0007" is not a whole number'],
    ['localCpus', 'local_cpulist', '1-\n', '"1-" is not a CPU list'],
  ] as const)('refuses a malformed file behind %s', (member, name, content, why) => {
    const { fake, fn } = make()
    const path = `/sys/bus/pci/devices/${BDF}/${name}`
    fake.file(path, content)
    const message = `Cannot read ${path}: ${why}`
    expect(() => fn[member]).toThrow(expect.objectContaining({ code: 'refused', message }))
  })

  it('refuses an IOMMU group that is no number', () => {
    const { fake, fn } = make()
    fake.link(`/sys/bus/pci/devices/${BDF}/iommu_group`, '../../groups/x')
    expect(() => fn.iommuGroup).toThrow('"x" is not an IOMMU group')
  })

  it('says of a function that is gone which file is not there', () => {
    const fn = new LinuxFunction(make().root, '0000:99:00.0', nobody)
    const message = 'Cannot read /sys/bus/pci/devices/0000:99:00.0/vendor: ENOENT, no such file'
    expect(() => fn.vendorId).toThrow(expect.objectContaining({ code: 'refused', message }))
    expect(fn).toMatchObject({ driver: null, iommuGroup: null, completer: null })
  })
})
