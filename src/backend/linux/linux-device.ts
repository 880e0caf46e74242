import { readSync, writeSync } from 'node:fs'
import type { Libc } from '../../../native-shims/libc.ts'
import { E } from '../../abi/errno.ts'
import { VFIO_PCI_BAR0_REGION_INDEX, VFIO_PCI_CONFIG_REGION_INDEX } from '../../abi/vfio.ts'
import type { Bdf } from '../../args/bdf.ts'
import { closeQuietly } from '../../close-quietly.ts'
import { CallError, type Device } from '../types.ts'
import { isMappable, type Region, readRegion } from './vfio-region.ts'

/** A VFIO device over its fd, which is closed with it. */
export class LinuxDevice implements Device {
  readonly bdf: Bdf
  readonly #libc: Libc
  #fd: number
  #config: Region | null = null

  constructor(libc: Libc, bdf: Bdf, fd: number) {
    this.#libc = libc
    this.bdf = bdf
    this.#fd = fd
  }

  /** The fd, which stays the device's; -1 once closed. */
  get fd(): number {
    return this.#fd
  }

  ioctl(request: number, bytes: Uint8Array): number {
    return this.#libc.ioctl(this.#fd, request, bytes)
  }

  readConfig(offset: number, length: number): Uint8Array {
    const region = this.#configRegion()
    const bytes = new Uint8Array(Math.max(0, Math.min(length, region.size - offset)))
    let filled = 0
    while (filled < bytes.length) {
      const count = asCall('read', () =>
        readSync(this.#fd, bytes, filled, bytes.length - filled, region.offset + offset + filled),
      )
      if (count === 0) break
      filled += count
    }
    return bytes.subarray(0, filled)
  }

  writeConfig(offset: number, bytes: Uint8Array): void {
    const region = this.#configRegion()
    if (offset + bytes.length > region.size) throw new CallError('write', E.EINVAL)
    const written = asCall('write', () =>
      writeSync(this.#fd, bytes, 0, bytes.length, region.offset + offset),
    )
    if (written < bytes.length) throw new CallError('write', E.EIO)
  }

  readBar(bar: number, offset: number, length: number): Uint8Array {
    const region = this.#region(VFIO_PCI_BAR0_REGION_INDEX + bar)
    if (!isMappable(region, offset, length)) throw new CallError('mmap', E.ENODEV)
    const read = this.#libc.readMapped(this.#fd, region.offset + offset, length)
    if (typeof read === 'number') throw new CallError('mmap', -read)
    return read
  }

  /** Later calls do nothing: the number may be somebody else's file by then. */
  close(): void {
    const fd = this.#fd
    this.#fd = -1
    if (fd >= 0) closeQuietly(fd)
  }

  #configRegion(): Region {
    this.#config ??= this.#region(VFIO_PCI_CONFIG_REGION_INDEX)
    return this.#config
  }

  #region(index: number): Region {
    const region = readRegion(this.#libc, this.#fd, index)
    if (typeof region === 'number') throw new CallError('ioctl', region)
    return region
  }
}

/** A call of Node's on an fd, its error as `Device` has them. One that a signal interrupted is made again, as `Libc` does. */
function asCall<T>(call: string, make: () => T): T {
  for (;;) {
    try {
      return make()
    } catch (error) {
      const { errno, code } = error as NodeJS.ErrnoException
      if (errno === undefined) throw error
      if (code !== 'EINTR') throw new CallError(call, Math.abs(errno))
    }
  }
}
