import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Root } from '../../../src/backend/linux/root.ts'
import { fakeRoot } from './fake-root.ts'

describe('FakeRoot', () => {
  it('links as sysfs does', () => {
    const fake = fakeRoot()
    const parents = ['0000:80:01.0']
    const fn = { bdf: '0000:81:00.0', parents, vendor: 1, device: 1, config: new Uint8Array(64) }
    fake.pciFunction({ ...fn, driver: 'vfio-pci', group: 7 })
    const root = new Root(fake.folder)
    const folder = '/sys/devices/pci0000:80/0000:80:01.0/0000:81:00.0'
    expect(root.link('/sys/bus/pci/devices/0000:81:00.0')).toBe(
      '../../../devices/pci0000:80/0000:80:01.0/0000:81:00.0',
    )
    expect(root.link(`${folder}/driver`)).toBe('../../../../bus/pci/drivers/vfio-pci')
    expect(root.link(`${folder}/iommu_group`)).toBe('../../../../kernel/iommu_groups/7')
    for (const back of ['kernel/iommu_groups/7/devices', 'bus/pci/drivers/vfio-pci']) {
      expect(root.realPath(`/sys/${back}/0000:81:00.0`)).toBe(folder)
    }
  })

  it('writes stat with as many fields as the kernel, the start time in field 22', () => {
    const fake = fakeRoot()
    fake.process({ pid: 70, comm: 'a) b', startTime: 353107, allowed: '0', fds: {} })
    const stat = readFileSync(join(fake.folder, 'proc/70/stat'), 'utf8')
    const fields = stat
      .trim()
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
    const real = readFileSync('/proc/self/stat', 'utf8').trim()
    const realFields = real.slice(real.lastIndexOf(')') + 2).split(' ')
    expect(fields).toHaveLength(realFields.length)
    expect(fields[22 - 3]).toBe('353107')
  })

  it('writes fds, their fdinfo, and the threads of a process', () => {
    const fake = fakeRoot()
    const fds = { 9: { link: 'anon_inode:[vfio-device]', fdinfo: 'vfio-device-syspath: /sys/x\n' } }
    fake.process({ pid: 70, comm: 'q', startTime: 1, allowed: '0', threads: { 71: '1-2' }, fds })
    const root = new Root(fake.folder)
    expect(root.link('/proc/70/fd/9')).toBe('anon_inode:[vfio-device]')
    expect(root.text('/proc/70/fdinfo/9')).toMatch(/^pos:\t0\n.*\nvfio-device-syspath: \/sys\/x$/s)
    expect(root.names('/proc/70/task').sort()).toEqual(['70', '71'])
    expect(root.text('/proc/70/task/71/status')).toContain('Cpus_allowed_list:\t1-2')
    expect(root.text('/proc/70/status')).toContain('Cpus_allowed_list:\t0')
  })
})
