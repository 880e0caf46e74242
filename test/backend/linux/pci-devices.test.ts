import { describe, expect, it } from 'vitest'
import {
  groupDevices,
  LinuxFunction,
  listFunctions,
  vfioDevName,
  vfioDevNumber,
} from '../../../src/backend/linux/linux-function.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import type { Backend } from '../../../src/backend/types.ts'
import { listDevices } from '../../../src/tph/describe.ts'
import type { Host } from '../../../src/tph/host.ts'
import { CountingRoot } from './counting-root.ts'
import { fakeRoot } from './fake-root.ts'
import { expressConfig, tphConfig } from './linux-configs.ts'

const BDF = '0000:81:00.0'
const any = { vendor: 0x8086, device: 0x159b, config: tphConfig() }

function withVfioDev(name: string) {
  const fake = fakeRoot()
  fake.pciFunction({ ...any, bdf: BDF, vfioDev: { name, major: 511, minor: 3 } })
  return { fake, root: new Root(fake.folder) }
}

describe('listFunctions()', () => {
  it('sorts functions of several domains and passes other names over', () => {
    const fake = fakeRoot()
    for (const bdf of ['10000:e1:00.0', '0001:00:00.0', '0000:81:00.1', BDF, '0000:0a:1f.7']) {
      fake.pciFunction({ ...any, bdf })
    }
    const odd = ['0000:81:20.0', '0000:81:00.8', '00000:81:00.0', '81:00.0', '0000:8A:00.0', 'x']
    for (const name of odd) fake.directory(`/sys/bus/pci/devices/${name}`)
    expect(listFunctions(new Root(fake.folder))).toEqual([
      '0000:0a:1f.7',
      BDF,
      '0000:81:00.1',
      '0001:00:00.0',
      '10000:e1:00.0',
    ])
  })

  it('has none on a host without PCI', () => {
    expect(listFunctions(new Root(fakeRoot().folder))).toEqual([])
  })

  it('says which folder cannot be read', () => {
    const fake = fakeRoot()
    fake.link('/sys/bus/pci/devices', 'devices')
    expect(() => listFunctions(new Root(fake.folder))).toThrow('Cannot read /sys/bus/pci/devices: ')
  })
})

describe('list', () => {
  it('reads the config of each function once, and no more of one without TPH', () => {
    const fake = fakeRoot()
    const plain = { vendor: 1, device: 1, config: expressConfig('endpoint'), group: 1 }
    fake.pciFunction({ ...plain, bdf: '0000:00:1f.0' })
    fake.pciFunction({ ...any, bdf: BDF, driver: 'vfio-pci', group: 2 })
    const root = new CountingRoot(fake.folder)
    const owners = { ownerOf: () => ({ owner: null, visible: true }) }
    const functions = () => listFunctions(root).map((bdf) => new LinuxFunction(root, bdf, owners))
    const host = { backend: { functions } as unknown as Backend } as Host
    expect(listDevices(host).devices.map(({ device }) => device)).toEqual([BDF])
    const read = (bdf: string) => root.reads.filter((path) => path.includes(bdf))
    expect(read('0000:00:1f.0')).toEqual(['/sys/bus/pci/devices/0000:00:1f.0/config'])
    expect(read(BDF).filter((path) => path.endsWith('/config'))).toHaveLength(1)
    expect(new Set(root.reads).size).toBe(root.reads.length)
  })
})

describe('vfioDevName() and vfioDevNumber()', () => {
  it.each(['vfio3', 'noiommu-vfio3'])('find %s', (name) => {
    const { root } = withVfioDev(name)
    expect(vfioDevName(root, BDF)).toBe(name)
    expect(vfioDevNumber(root, BDF)).toEqual({ major: 511, minor: 3 })
  })

  it('find nothing for a function on a host driver', () => {
    const fake = fakeRoot()
    fake.pciFunction({ ...any, bdf: BDF, driver: 'ice' })
    const root = new Root(fake.folder)
    expect([vfioDevName(root, BDF), vfioDevNumber(root, BDF)]).toEqual([null, null])
  })

  it('find a name without a number on a kernel without VFIO character devices', () => {
    const fake = fakeRoot()
    fake.pciFunction({ ...any, bdf: BDF })
    fake.directory(`/sys/bus/pci/devices/${BDF}/vfio-dev/vfio3`)
    const root = new Root(fake.folder)
    expect([vfioDevName(root, BDF), vfioDevNumber(root, BDF)]).toEqual(['vfio3', null])
  })

  it('refuse a malformed number', () => {
    const { fake, root } = withVfioDev('vfio3')
    const path = `/sys/bus/pci/devices/${BDF}/vfio-dev/vfio3/dev`
    fake.file(path, '511\n')
    expect(() => vfioDevNumber(root, BDF)).toThrow(
      `Cannot read ${path}: "511" is not a device number`,
    )
  })
})

describe('groupDevices()', () => {
  it('lists the PCI functions of a group in order', () => {
    const fake = fakeRoot()
    for (const bdf of ['0000:81:00.1', BDF]) fake.pciFunction({ ...any, bdf, group: 7 })
    fake.pciFunction({ ...any, bdf: '0000:82:00.0', group: 8 })
    fake.directory('/sys/kernel/iommu_groups/7/devices/platform-device.0')
    expect(groupDevices(new Root(fake.folder), 7)).toEqual([BDF, '0000:81:00.1'])
  })

  it('has none for a group that is not there, as without IOMMU', () => {
    expect(groupDevices(new Root(fakeRoot().folder), 7)).toEqual([])
  })
})
