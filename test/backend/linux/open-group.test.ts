import { describe, expect, it } from 'vitest'
import { errnoNumber } from '../../../src/abi/errno.ts'
import { BDF, neighbour, type OpenHost, openHost } from './open-host.ts'
import { caught } from './owner-caught.ts'
import { openBelow } from './scripted-libc.ts'

const WITH_IOMMU = [
  'ioctl VFIO_GET_API_VERSION 0',
  'ioctl VFIO_GROUP_GET_STATUS',
  'ioctl VFIO_GROUP_SET_CONTAINER vfio',
  'ioctl VFIO_CHECK_EXTENSION 3',
  'ioctl VFIO_SET_IOMMU 3',
  `ioctl VFIO_GROUP_GET_DEVICE_FD "${BDF}\\u0000"`,
]
const UNSAFE = { nodes: ['/dev/vfio/noiommu-12'] }

function failing(call: number, name: string): OpenHost {
  return { script: { fail: { call, errno: errnoNumber(name) ?? 0 } } }
}

describe('openGroup()', () => {
  it('makes the calls in order', () => {
    const { libc, open } = openHost()
    open('group').close()
    expect(libc.calls).toEqual(WITH_IOMMU)
  })

  it('takes IOMMU type 1 where there is no type 1v2', () => {
    const { libc, open } = openHost({ script: { iommuTypes: [1] } })
    open('group').close()
    expect(libc.calls.slice(3, 6)).toEqual([
      'ioctl VFIO_CHECK_EXTENSION 3',
      'ioctl VFIO_CHECK_EXTENSION 1',
      'ioctl VFIO_SET_IOMMU 1',
    ])
  })

  it('opens a group without an IOMMU', () => {
    const { fake, libc, open } = openHost({ ...UNSAFE, without: ['/dev/vfio/12'] })
    const opened = open('group')
    expect(openBelow(fake)).toEqual(['/dev/vfio/vfio', '/dev/vfio/noiommu-12', '/device'])
    expect(libc.calls.slice(3)).toEqual(['ioctl VFIO_SET_IOMMU 8', WITH_IOMMU[5]])
    opened.close()
    expect(openBelow(fake)).toEqual([])
  })

  it.each([
    ['/dev/vfio/vfio', 'the vfio module is not loaded', /modprobe vfio-pci/],
    ['/dev/vfio/12', 'the group has no node here', /--open cdev/],
  ])('explains that %s is missing', (node, why, hint) => {
    const { fake, libc, open } = openHost({ without: [node] })
    const error = caught(() => open('group'))
    const message = `Cannot open "${node}": ENOENT, ${why}`
    expect(error).toMatchObject({ exitCode: 3, errno: 'ENOENT', message, device: BDF })
    expect(error.hint).toMatch(hint)
    expect(libc.calls).toEqual([])
    expect(openBelow(fake)).toEqual([])
  })

  const member = 'put "/dev/vfio/12" into a container'
  const device = 'get the device from its group'
  it.each([
    [1, 'EINVAL', 1, 'ask "/dev/vfio/vfio" for its version', 'the kernel refused', undefined],
    [2, 'ENODEV', 3, 'ask "/dev/vfio/12" for its status', 'its device is gone', undefined],
    [3, 'EINVAL', 6, member, 'the group is in another container already', /tphctl list/],
    [3, 'EBUSY', 6, member, 'another user of the IOMMU has the group', /tphctl list/],
    [3, 'EPERM', 5, member, 'it takes CAP_SYS_RAWIO, since nothing isolates the device', /root/],
    [4, 'EFAULT', 1, 'ask for IOMMU type 3', 'the kernel refused', undefined],
    [
      5,
      'EPERM',
      5,
      'set IOMMU type 3 of the container',
      'the IOMMU cannot remap interrupts',
      /unsafe/,
    ],
    [
      5,
      'ENODEV',
      3,
      'set IOMMU type 3 of the container',
      'no IOMMU driver takes the group',
      /type1/,
    ],
    [
      6,
      'ENODEV',
      3,
      device,
      'the group has no such device, or it left its VFIO driver',
      /modprobe/,
    ],
    [6, 'EACCES', 5, device, 'a VF whose PF is on vfio-pci wants a token', /--vf-token UUID/],
    [6, 'EMFILE', 1, device, 'too many files are open here', /ulimit/],
    [6, 'EIO', 1, device, 'the device did not answer', undefined],
  ])('explains call %i failing with %s', (call, name, exitCode, action, why, hint) => {
    const { fake, libc, open } = openHost(failing(call, name))
    const error = caught(() => open('group'))
    const message = `Cannot ${action}: ${name}, ${why}`
    expect(error).toMatchObject({ exitCode, errno: name, message, device: BDF })
    if (hint === undefined) expect(error.hint).toBeUndefined()
    else expect(error.hint).toMatch(hint)
    expect(libc.calls).toEqual(WITH_IOMMU.slice(0, call))
    expect(openBelow(fake)).toEqual([])
  })

  it('explains that a group without an IOMMU takes a capability', () => {
    const { open } = openHost({ ...UNSAFE, ...failing(4, 'EPERM') })
    expect(caught(() => open('group')).message).toBe(
      'Cannot set IOMMU type 8 of the container: EPERM, it takes CAP_SYS_RAWIO, since nothing isolates the device',
    )
  })

  it.each([
    ['EACCES', 'the VF token is not the one of its PF'],
    ['EINVAL', 'the device takes no VF token'],
  ])('explains %s with a VF token', (name, why) => {
    const { open } = openHost(failing(6, name))
    const token = '2ab74924-c335-45f4-9b16-8569e5b08258'
    expect(caught(() => open(null, token)).message).toBe(`Cannot ${device}: ${name}, ${why}`)
  })

  it('knows one version of the API', () => {
    const { fake, open } = openHost({ script: { apiVersion: 1 } })
    const message = 'Cannot use "/dev/vfio/vfio": its API has version 1, not 0'
    expect(caught(() => open('group'))).toMatchObject({ exitCode: 3, message })
    expect(openBelow(fake)).toEqual([])
  })

  it('needs a type 1 IOMMU', () => {
    const { fake, open } = openHost({ script: { iommuTypes: [] } })
    const error = caught(() => open('group'))
    expect(error).toMatchObject({ exitCode: 3, hint: 'load it with "modprobe vfio_iommu_type1"' })
    expect(openBelow(fake)).toEqual([])
  })

  it('names what keeps a group from being viable', () => {
    const { fake, libc, open } = openHost({ script: { groupFlags: 0 } })
    neighbour(fake, '0000:80:01.0', 'pcieport', 12)
    neighbour(fake, '0000:81:00.1', 'ixgbe', 12)
    neighbour(fake, '0000:81:00.2', null, 12)
    neighbour(fake, '0000:81:00.3', 'vfio-pci', 12)
    neighbour(fake, '0000:81:00.4', 'nvme', 12)
    expect(caught(() => open('group'))).toMatchObject({
      exitCode: 6,
      message:
        'Cannot use IOMMU group 12: it is not viable, 0000:81:00.1 is on driver "ixgbe", 0000:81:00.4 is on driver "nvme"',
      hint: 'bind it too: "driverctl set-override 0000:81:00.1 vfio-pci" (driver_override in sysfs)',
    })
    expect(libc.calls).toEqual(WITH_IOMMU.slice(0, 2))
    expect(openBelow(fake)).toEqual([])
  })

  it('says that a group is not viable when sysfs does not show why', () => {
    const { open } = openHost({ script: { groupFlags: 0 } })
    expect(caught(() => open('group')).message).toMatch(
      /another of its devices is on a host driver$/,
    )
  })
})
