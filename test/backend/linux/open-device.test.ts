import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BDF, openHost } from './open-host.ts'
import { caught } from './owner-caught.ts'
import { openBelow } from './scripted-libc.ts'

const TOKEN = '2ab74924-c335-45f4-9b16-8569e5b08258'
const CDEV = ['/dev/iommu', '/dev/vfio/devices/vfio0']
const GROUP = ['/dev/vfio/vfio', '/dev/vfio/12', '/device']

describe('openDevice()', () => {
  it.each([
    ['the cdev where it can', {}, null, CDEV],
    ['the cdev as told', {}, 'cdev', CDEV],
    ['the group as told', {}, 'group', GROUP],
    ['the group without /dev/iommu', { without: ['/dev/iommu'] }, null, GROUP],
    ['the group without vfio-dev (Linux 6.0)', { cdev: null }, null, GROUP],
    ['the group where the cdev has no node', { without: ['/dev/vfio/devices/vfio0'] }, null, GROUP],
    ['the cdev where the group has no node', { without: ['/dev/vfio/12'] }, null, CDEV],
    ['the cdev without a group', { group: null }, null, CDEV],
  ] as const)('takes %s, and closes all it opened', (_, host, how, files) => {
    const { fake, open } = openHost(host)
    const opened = open(how)
    expect(openBelow(fake)).toEqual(files)
    expect(opened.device.bdf).toBe(BDF)
    opened.close()
    expect(openBelow(fake)).toEqual([])
    opened.close()
  })

  it('close() closes what is left when the device was closed before', () => {
    const { fake, open } = openHost()
    const opened = open()
    opened.device.close()
    expect(openBelow(fake)).toEqual(['/dev/iommu'])
    opened.close()
    expect(openBelow(fake)).toEqual([])
  })

  it('takes the group with a VF token', () => {
    const { fake, libc, open } = openHost()
    const opened = open(null, TOKEN)
    expect(openBelow(fake)).toEqual(GROUP)
    expect(libc.calls.at(-1)).toBe(
      `ioctl VFIO_GROUP_GET_DEVICE_FD "${BDF} vf_token=${TOKEN}\\u0000"`,
    )
    opened.close()
  })

  it.each([
    ['group', 'x', /^Cannot parse VF token "x": expected a UUID$/],
    ['group', `${TOKEN} x=1`, /expected a UUID$/],
    ['group', `${TOKEN}\n`, /expected a UUID$/],
    ['cdev', TOKEN, /^Cannot open the device with --open cdev and a VF token$/],
  ] as const)('refuses --open %s with VF token %j', (how, token, message) => {
    const { fake, libc, open } = openHost()
    const error = caught(() => open(how, token))
    expect(error).toMatchObject({ exitCode: 2, device: BDF })
    expect(error.message).toMatch(message)
    expect(libc.calls).toEqual([])
    expect(openBelow(fake)).toEqual([])
  })

  const bare = { cdev: null }
  it.each([
    [
      { ...bare, driver: 'ixgbe' },
      6,
      'Cannot open the device: the host uses it, it is on driver "ixgbe"',
      /driverctl set-override 0000:81:00.0 vfio-pci/,
    ],
    [{ ...bare, driver: null }, 3, 'Cannot open the device: no driver has it', /driver_override/],
    [
      { ...bare, driver: null, group: null },
      3,
      'Cannot open the device: it is in no IOMMU group, the IOMMU is off or missing',
      /vfio\.enable_unsafe_noiommu_mode=1/,
    ],
    [
      { ...bare, group: null },
      3,
      'Cannot open the device: it is in no IOMMU group, the IOMMU is off or missing',
      /intel_iommu=on/,
    ],
  ])('opens no node of a device as %o', (host, exitCode, message, hint) => {
    const { fake, libc, open } = openHost(host)
    const error = caught(() => open())
    expect(error).toMatchObject({ exitCode, message, device: BDF })
    expect(error.hint).toMatch(hint)
    expect(libc.calls).toEqual([])
    expect(openBelow(fake)).toEqual([])
  })

  it('wants a driver, not an IOMMU, in no-IOMMU mode', () => {
    const { fake, open } = openHost({ ...bare, driver: null, group: null })
    fake.file('/sys/module/vfio/parameters/enable_unsafe_noiommu_mode', 'Y\n')
    expect(caught(() => open()).message).toBe('Cannot open the device: no driver has it')
  })

  it('takes variants of vfio-pci on kernels without vfio-dev', () => {
    const { open } = openHost({ ...bare, driver: 'mlx5_vfio_pci' })
    open().close()
  })

  it.skipIf(process.geteuid?.() !== 0)('says which node this user may not open', () => {
    for (const [how, node] of [
      ['cdev', '/dev/iommu'],
      ['cdev', '/dev/vfio/devices/vfio0'],
      ['group', '/dev/vfio/vfio'],
      ['group', '/dev/vfio/12'],
    ] as const) {
      const { fake, open } = openHost()
      chmodSync(fake.folder, 0o755)
      for (const one of [...CDEV, '/dev/vfio/vfio', '/dev/vfio/12']) {
        chmodSync(join(fake.folder, one), one === node ? 0o600 : 0o666)
      }
      process.seteuid?.('nobody')
      try {
        const message = `Cannot open "${node}": EACCES, this user may not use it`
        const hint = 'run it as root, or give the node to this user with a udev rule'
        expect(caught(() => open(how))).toMatchObject({ exitCode: 5, message, hint })
      } finally {
        process.seteuid?.(0)
      }
      expect(openBelow(fake)).toEqual([])
    }
  })
})
