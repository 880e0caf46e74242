import { join } from 'node:path'
import { type Libc, LOCK_UN } from '../../native-shims/libc.ts'
import { E } from '../../src/abi/errno.ts'
import {
  VFIO_CHECK_EXTENSION,
  VFIO_DEVICE_BIND_IOMMUFD,
  VFIO_GROUP_GET_DEVICE_FD,
  VFIO_GROUP_GET_STATUS,
  VFIO_GROUP_SET_CONTAINER,
  vfio_group_status,
} from '../../src/abi/vfio.ts'
import { writeConfigSpace } from '../../src/backend/mock/config-write.ts'
import type { EmulatedFunction } from '../../src/backend/mock/emulated-function.ts'
import { deviceIoctl, type EmulatedKernel } from '../../src/backend/mock/kernel-ioctl.ts'
import type { Memory } from '../../src/backend/mock/memory.ts'
import { MOCK_TOPOLOGY } from '../../src/backend/mock/mock-topology.ts'
import type { DeviceFile, FileHost } from './faulty-fs.ts'
import { injector } from './injector.ts'

/** Node's own, which src does not get in these tests. */
const fs = process.getBuiltinModule('node:fs')

/** vfio-pci's region offsets: the region index above bit 40. */
const REGION_SPAN = 2 ** 40
const CONFIG_REGION = 7

/** A device of the fake kernel. */
export interface KernelDevice {
  readonly emulated: EmulatedFunction
  /** Its file in sysfs that shows config space, as the host has it. */
  readonly configFile: string
  /** The number of its own node, `/dev/vfio/devices/vfioN`. */
  readonly cdev: number
}

/** The kernel below a libc and some files: devices with TPH_ST, whose memory is here to be looked at. */
export class FakeKernel implements Libc, FileHost {
  readonly name = 'koffi'
  /** Memory by address. */
  readonly memories = new Map<string, Memory>()
  /** The fds that hold a lock, by the path of its file. */
  readonly locks = new Map<string, number>()
  readonly #folder: string
  readonly #devices: ReadonlyMap<string, KernelDevice>
  readonly #lent: ReadonlyMap<number, string>
  readonly #kernel: EmulatedKernel = {
    abi: 'tph-st',
    possibleCpus: new Set(MOCK_TOPOLOGY.possible),
  }
  /** What each open fd is. */
  readonly #paths = new Map<number, string>()
  readonly #open = new Map<number, { readonly bdf: string; readonly isOurs: boolean }>()
  readonly #unbound = new Set<number>()

  /**
   * @param folder where the host's files lie
   * @param lent the devices that can be borrowed, by their owners' fds
   */
  constructor(folder: string, devices: readonly KernelDevice[], lent: ReadonlyMap<number, string>) {
    this.#folder = folder
    this.#devices = new Map(devices.map((one) => [one.emulated.bdf, one]))
    this.#lent = lent
    for (const { emulated } of devices) this.reset(emulated.bdf)
  }

  /** A device as it is when it was just opened. */
  reset(bdf: string): void {
    this.load(bdf, this.#device(bdf).emulated.image)
  }

  /** Gives a device that memory. */
  load(bdf: string, { config, msix, vectors, kept }: Memory): void {
    const memory = {
      config: config.slice(),
      msix: msix.slice(),
      vectors: vectors.slice(),
      kept: kept.slice(),
    }
    this.memories.set(bdf, memory)
    this.#showConfig(bdf)
  }

  place(path: string): string {
    return join(this.#folder, path)
  }

  named(place: string): string {
    return place.slice(this.#folder.length) || '/'
  }

  opened(fd: number, path: string): void {
    this.#paths.set(fd, path)
    const cdev = /^\/dev\/vfio\/devices\/vfio(\d+)$/.exec(path)?.[1]
    const device = [...this.#devices.values()].find((one) => String(one.cdev) === cdev)
    if (device === undefined) return
    this.#open.set(fd, { bdf: device.emulated.bdf, isOurs: true })
    this.#unbound.add(fd)
  }

  closed(fd: number): void {
    const path = this.#paths.get(fd)
    this.#paths.delete(fd)
    if (path !== undefined && this.locks.get(path) === fd) this.locks.delete(path)
    const open = this.#open.get(fd)
    this.#open.delete(fd)
    this.#unbound.delete(fd)
    if (open === undefined) return
    this.#hide(fd)
    // The last close drops the tags.
    if (open.isOurs) this.reset(open.bdf)
  }

  device(fd: number): DeviceFile | null {
    const open = this.#open.get(fd)
    if (open === undefined) return null
    const { emulated } = this.#device(open.bdf)
    const memory = this.#memory(open.bdf)
    const at = (position: number) => position - CONFIG_REGION * REGION_SPAN
    return {
      read: (position, length) => memory.config.slice(at(position), at(position) + length),
      write: (position, bytes) => {
        writeConfigSpace(emulated, memory, at(position), bytes, true)
        this.#showConfig(open.bdf)
      },
    }
  }

  ioctl(fd: number, request: number, argument: Uint8Array): number {
    if (request === VFIO_GROUP_GET_STATUS) {
      argument.set(vfio_group_status.encode({ argsz: argument.length, flags: 1 }))
      return 0
    }
    if (request === VFIO_GROUP_SET_CONTAINER) return 0
    if (request === VFIO_GROUP_GET_DEVICE_FD) return this.#deviceOfGroup(argument)
    if (request === VFIO_DEVICE_BIND_IOMMUFD) {
      this.#unbound.delete(fd)
      return 0
    }
    const open = this.#open.get(fd)
    if (open === undefined) return -E.ENOTTY
    if (this.#unbound.has(fd)) return -E.EINVAL
    const { emulated } = this.#device(open.bdf)
    const memory = this.#memory(open.bdf)
    const result = deviceIoctl(emulated, memory, request, argument, this.#kernel)
    this.#showConfig(open.bdf)
    return result
  }

  ioctlValue(_fd: number, request: number): number {
    return request === VFIO_CHECK_EXTENSION ? 1 : 0
  }

  pidfdOpen(): number {
    return fs.openSync('/dev/null', 'r')
  }

  pidfdGetfd(_pidfd: number, theirs: number): number {
    const bdf = this.#lent.get(theirs)
    return bdf === undefined ? -E.EBADF : this.#newFd(bdf, false)
  }

  flock(fd: number, operation: number): number {
    const path = this.#paths.get(fd) ?? ''
    const holder = this.locks.get(path)
    if (operation === LOCK_UN) {
      if (holder === fd) this.locks.delete(path)
      return 0
    }
    if (holder !== undefined && holder !== fd) return -E.EAGAIN
    this.locks.set(path, fd)
    return 0
  }

  readMapped(fd: number, offset: number, length: number): Uint8Array | number {
    const open = this.#open.get(fd)
    if (open === undefined) return -E.ENODEV
    const { msix } = this.#device(open.bdf).emulated
    const start = (offset % REGION_SPAN) - (msix?.tableOffset ?? 0)
    return this.#memory(open.bdf).msix.slice(start, start + length)
  }

  sendDatagram(_path: string, text: string): number {
    return text.length
  }

  #deviceOfGroup(argument: Uint8Array): number {
    const [bdf = ''] = Buffer.from(argument).toString().split('\0')
    return this.#devices.has(bdf) ? this.#newFd(bdf, true) : -E.ENODEV
  }

  /** An fd of a device, which /proc shows as Linux 6.18 does. */
  #newFd(bdf: string, isOurs: boolean): number {
    const fd = fs.openSync('/dev/null', 'r+')
    this.#open.set(fd, { bdf, isOurs })
    injector()?.opened(fd, `device ${bdf}`)
    fs.symlinkSync('anon_inode:[vfio-device]', this.place(`/proc/self/fd/${fd}`))
    const said = `pos:\t0\nvfio-device-syspath:\t/sys/devices/pci0000:80/${bdf}\n`
    fs.writeFileSync(this.place(`/proc/self/fdinfo/${fd}`), said)
    return fd
  }

  #hide(fd: number): void {
    for (const folder of ['fd', 'fdinfo']) {
      fs.rmSync(this.place(`/proc/self/${folder}/${fd}`), { force: true })
    }
  }

  #showConfig(bdf: string): void {
    fs.writeFileSync(this.place(this.#device(bdf).configFile), this.#memory(bdf).config)
  }

  #device(bdf: string): KernelDevice {
    const device = this.#devices.get(bdf)
    if (device === undefined) throw new RangeError(`no device ${bdf}`)
    return device
  }

  #memory(bdf: string): Memory {
    const memory = this.memories.get(bdf)
    if (memory === undefined) throw new RangeError(`no memory of ${bdf}`)
    return memory
  }
}
