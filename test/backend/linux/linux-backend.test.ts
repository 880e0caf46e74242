import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VFIO_DEVICE_RESET } from '../../../src/abi/vfio.ts'
import { LinuxBackend, type LinuxOptions } from '../../../src/backend/linux/linux-backend.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import type { Owner } from '../../../src/backend/types.ts'
import { BusyError, NotFoundError } from '../../../src/errors.ts'
import { BDF, neighbour, openHost } from './open-host.ts'
import { holder, said } from './owner-host.ts'
import { openBelow } from './scripted-libc.ts'

const SELF: Owner = { pid: 99, command: 'tphctl', fd: -1, startTime: '5', allowedCpus: null }

/** A host whose one device nobody owns, and the backend of this process on it. */
function backendOn(options: Partial<LinuxOptions> = {}) {
  const { fake, libc } = openHost()
  holder(fake, 1, {}, 'init')
  fake.file('/proc/sys/kernel/random/boot_id', 'c0ffee\n')
  const backend = new LinuxBackend({
    root: new Root(fake.folder),
    libc: () => libc,
    pid: null,
    fd: null,
    how: null,
    ephemeral: false,
    runtimeDirectory: join(fake.folder, 'run/tphctl'),
    user: process.geteuid?.() ?? 0,
    self: SELF,
    notifySocket: null,
    ...options,
  })
  return { fake, libc, backend }
}

describe('LinuxBackend', () => {
  it('knows the functions of the host by their addresses', () => {
    const { backend } = backendOn()
    expect(backend.functions().map(({ bdf }) => bdf)).toEqual([BDF])
    expect(backend.find(BDF)).toMatchObject({ vendorId: '8086', deviceId: '159b', owner: null })
    expect(backend.find('0000:99:00.0')).toBeNull()
    expect(backend.bootId).toBe('c0ffee')
  })

  it('reads owners and CPUs once, and anew after it was told to forget', () => {
    const { backend, fake } = backendOn()
    const cpus = (online: string) => fake.cpus({ possible: '0-3', online })
    const seen = () => [backend.find(BDF)?.owner?.pid ?? null, backend.topology.online.length]
    cpus('0-3')
    expect(seen()).toEqual([null, 4])
    holder(fake, 700, { 9: said(BDF) })
    cpus('0-1')
    expect(seen()).toEqual([null, 4])
    backend.forget()
    expect(seen()).toEqual([700, 2])
  })

  it('makes no native call to look at the host', () => {
    const { backend } = backendOn({ libc: () => expect.fail('asked for native calls') })
    for (const fn of backend.functions())
      expect([fn.config, fn.owner, fn.completer]).toHaveLength(3)
    expect(backend.tphStruct).toBe('unknown')
  })

  it('opens nothing for a device that nobody owns', () => {
    const { backend, libc, fake } = backendOn()
    expect(() => backend.borrow(BDF)).toThrow(BusyError)
    expect(() => backend.borrow(BDF)).toThrow('nobody holds it open')
    expect(libc.calls).toEqual([])
    expect(openBelow(fake)).toEqual([])
  })

  it('owns what it holds: work on it neither opens nor closes it', () => {
    const { backend, libc, fake } = backendOn()
    const held = backend.hold(BDF, null)
    const open = openBelow(fake)
    expect(open).toEqual(['/dev/iommu', '/dev/vfio/devices/vfio0'])
    expect(backend.requireOwner(BDF)).toBe(SELF)
    const device = backend.borrow(BDF)
    expect(device.ioctl(VFIO_DEVICE_RESET, new Uint8Array(8))).toBe(0)
    device.close()
    expect(openBelow(fake)).toEqual(open)
    expect(libc.calls.filter((call) => call.startsWith('pidfd'))).toEqual([])
    held.release()
    expect(openBelow(fake)).toEqual([])
    expect(() => backend.requireOwner(BDF)).toThrow(BusyError)
  })

  it('holds nothing that somebody owns, and says who', () => {
    const { backend, fake, libc } = backendOn()
    holder(fake, 812, { 21: said(BDF) }, 'qemu-system')
    expect(() => backend.hold(BDF, null)).toThrow(
      'Cannot hold the device: EBUSY, pid 812 (qemu-system) has it open as fd 21',
    )
    expect(libc.calls).toEqual([])
  })

  it('opens an unowned device for one piece of work under --ephemeral, and says what that does', () => {
    const { backend, fake } = backendOn({ ephemeral: true })
    expect(backend.notes.join()).toContain('reset')
    expect(backend.requireOwner(BDF)).toBe(SELF)
    const device = backend.borrow(BDF)
    expect(openBelow(fake)).toEqual(['/dev/iommu', '/dev/vfio/devices/vfio0'])
    device.close()
    expect(openBelow(fake)).toEqual([])
  })

  it('borrows from the owner all the same under --ephemeral', () => {
    const { backend, fake } = backendOn({ ephemeral: true })
    holder(fake, 812, { 21: said(BDF) })
    expect(backend.requireOwner(BDF)).toMatchObject({ pid: 812, fd: 21 })
  })

  it('takes the process that was named, and no other', () => {
    const first = backendOn({ pid: 813 })
    holder(first.fake, 812, { 21: said(BDF) })
    holder(first.fake, 813, { 7: said(BDF) })
    expect(first.backend.requireOwner(BDF)).toMatchObject({ pid: 813, fd: 7 })
    const second = backendOn({ pid: 814 })
    expect(() => second.backend.requireOwner(BDF)).toThrow(NotFoundError)
  })

  it('looks at processes and CPUs anew once it is told to', () => {
    const { backend, fake } = backendOn()
    fake.file('/sys/devices/system/cpu/online', '0-3\n')
    expect(backend.topology.online).toHaveLength(4)
    expect(() => backend.requireOwner(BDF)).toThrow(BusyError)
    holder(fake, 812, { 21: said(BDF) })
    fake.file('/sys/devices/system/cpu/online', '0-1\n')
    expect(backend.topology.online).toHaveLength(4)
    expect(() => backend.requireOwner(BDF)).toThrow(BusyError)
    backend.forget()
    expect(backend.topology.online).toHaveLength(2)
    expect(backend.requireOwner(BDF)).toMatchObject({ pid: 812 })
  })

  it('tells the service manager only where there is one', () => {
    const without = backendOn()
    without.backend.notify('READY=1')
    expect(without.libc.calls).toEqual([])
    const { backend, libc } = backendOn({ notifySocket: '/run/systemd/notify' })
    backend.notify('READY=1')
    expect(libc.calls).toEqual(['sendDatagram /run/systemd/notify READY=1'])
  })

  it('fails when the service manager cannot be told', () => {
    const { backend, libc } = backendOn({ notifySocket: '/gone' })
    libc.script.fail = { call: 1, errno: 2 }
    expect(() => backend.notify('READY=1')).toThrow(
      'Cannot tell the service manager "READY=1": ENOENT',
    )
  })

  it('locks a device by a file in its runtime directory', () => {
    const { backend, libc } = backendOn()
    backend.lock(BDF, 0).release()
    expect(libc.calls).toEqual(['flock 6', 'flock LOCK_UN'])
  })
})

describe('LinuxBackend holding two devices of one IOMMU group', () => {
  const OTHER = '0000:81:00.1'

  it.each([
    ['cdev', ['/dev/iommu', '/dev/vfio/devices/vfio0', '/dev/vfio/devices/vfio1']],
    ['group', ['/dev/vfio/vfio', '/dev/vfio/12', '/device', '/device']],
  ] as const)('opens what they share once (%s)', (how, files) => {
    const { backend, fake } = backendOn({ how })
    neighbour(fake, OTHER, 'vfio-pci', 12, 'vfio1')
    fake.file('/dev/vfio/devices/vfio1', '')
    const locks = [backend.hold(BDF, null), backend.hold(OTHER, null)]
    expect(openBelow(fake).sort()).toEqual([...files].sort())
    for (const lock of locks.reverse()) lock.release()
    expect(openBelow(fake)).toEqual([])
  })
})
