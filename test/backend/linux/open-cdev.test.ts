import { describe, expect, it } from 'vitest'
import { errnoNumber } from '../../../src/abi/errno.ts'
import { neighbour, type OpenHost, openHost } from './open-host.ts'
import { caught } from './owner-caught.ts'
import { openBelow } from './scripted-libc.ts'

const NODE = '/dev/vfio/devices/vfio0'
const BIND = 'ioctl VFIO_DEVICE_BIND_IOMMUFD'

describe('openCdev()', () => {
  it('binds the device to an iommufd', () => {
    const { libc, open } = openHost()
    open('cdev').close()
    expect(libc.calls).toEqual([BIND])
  })

  it('opens the node of a device without an IOMMU', () => {
    const node = '/dev/vfio/devices/noiommu-vfio0'
    const host = { cdev: 'noiommu-vfio0', nodes: [node], group: 0 }
    const { fake, open } = openHost(host)
    const opened = open()
    expect(openBelow(fake)).toEqual(['/dev/iommu', node])
    opened.close()
  })

  it.each<[OpenHost, number, string, RegExp]>([
    [
      { without: ['/dev/iommu'] },
      3,
      'Cannot open "/dev/iommu": ENOENT, the iommufd module is not loaded',
      /modprobe iommufd/,
    ],
    [
      { without: [NODE] },
      3,
      `Cannot open "${NODE}": ENOENT, the node was not made here`,
      /container/,
    ],
    [
      { cdev: null },
      3,
      "Cannot open the device's own node: this kernel makes none",
      /CONFIG_VFIO_DEVICE_CDEV; use --open group/,
    ],
  ])('explains a host with %o', (host, exitCode, message, hint) => {
    const { fake, libc, open } = openHost(host)
    const error = caught(() => open('cdev'))
    expect(error).toMatchObject({ exitCode, message })
    expect(error.hint).toMatch(hint)
    expect(libc.calls).toEqual([])
    expect(openBelow(fake)).toEqual([])
  })

  it.each([
    ['EINVAL', 6, 'another process has the device open', /tphctl info/],
    ['EBUSY', 6, 'its IOMMU group is open in another process', /info/],
    ['EACCES', 5, 'a VF whose PF is on vfio-pci wants a token', /--vf-token UUID/],
    [
      'EPERM',
      5,
      'another device of its IOMMU group is in use, or the IOMMU cannot remap interrupts',
      /allow_unsafe_interrupts/,
    ],
    ['ENOTTY', 3, 'this kernel cannot bind it', /--open group/],
    ['ENODEV', 3, 'its device is gone', undefined],
    [
      'ENOMEM',
      1,
      'the kernel is out of memory, or the limit of locked memory is too low',
      undefined,
    ],
    ['ERANGE', 1, 'the kernel refused', undefined],
  ])('explains %s from binding', (name, exitCode, why, hint) => {
    const { fake, open } = openHost({
      script: { fail: { call: 1, errno: errnoNumber(name) ?? 0 } },
    })
    const error = caught(() => open('cdev'))
    const message = `Cannot bind "${NODE}" to iommufd: ${name}, ${why}`
    expect(error).toMatchObject({ exitCode, message, errno: name })
    if (hint === undefined) expect(error.hint).toBeUndefined()
    else expect(error.hint).toMatch(hint)
    expect(openBelow(fake)).toEqual([])
  })

  it('names the device of the group that a host driver has, which is what EPERM mostly means', () => {
    const script = { fail: { call: 1, errno: errnoNumber('EPERM') ?? 0 } }
    const { fake, open } = openHost({ script })
    neighbour(fake, '0000:81:00.1', 'e1000e', 12)
    const error = caught(() => open('cdev'))
    expect(error).toMatchObject({ exitCode: 6 })
    expect(error.message).toContain('0000:81:00.1 is on driver "e1000e"')
    expect(openBelow(fake)).toEqual([])
  })
})
