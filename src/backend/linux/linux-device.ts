import { closeSync, readSync, writeSync } from 'node:fs'
import type { Libc } from '../../../native-shims/libc.ts'
import { E } from '../../abi/errno.ts'
import {
  VFIO_DEVICE_GET_REGION_INFO,
  VFIO_PCI_CONFIG_REGION_INDEX,
  vfio_region_info,
} from '../../abi/vfio.ts'
import type { Bdf } from '../../args/bdf.ts'
import { CallError, type Device } from '../types.ts'

/** Where config space lies in the device's file. */
interface Region {
  readonly offset: number
  readonly size: number
}

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

  /** Later calls do nothing: the number may be somebody else's file by then. */
  close(): void {
    const fd = this.#fd
    this.#fd = -1
    if (fd >= 0) closeSync(fd)
  }

  #configRegion(): Region {
    this.#config ??= this.#askConfigRegion()
    return this.#config
  }

  #askConfigRegion(): Region {
    const bytes = vfio_region_info.encode({
      argsz: vfio_region_info.size,
      flags: 0,
      index: VFIO_PCI_CONFIG_REGION_INDEX,
      cap_offset: 0,
      size: 0n,
      offset: 0n,
    })
    const result = this.#libc.ioctl(this.#fd, VFIO_DEVICE_GET_REGION_INFO, bytes)
    if (result < 0) throw new CallError('ioctl', -result)
    const { size, offset } = vfio_region_info.decode(bytes)
    return { size: Number(size), offset: Number(offset) }
  }
}

/** A call of Node's on an fd, its error as `Device` has them. */
function asCall<T>(call: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException
    throw errno === undefined ? error : new CallError(call, Math.abs(errno))
  }
}
