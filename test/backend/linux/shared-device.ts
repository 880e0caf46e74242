import { readSync, writeSync } from 'node:fs'
import type { Libc } from '../../../native-shims/libc.ts'
import { Root } from '../../../src/backend/linux/root.ts'
import { answerRegionInfo } from './scripted-regions.ts'

/*
 * A device that is a regular file: its config space, and behind it the tags that a kernel would keep. Processes hold and borrow it by
 * real calls; only what such a file cannot have is made up, its ioctls and how it looks in /proc.
 */

const CONFIG_BYTES = 4096
const ENTRIES = 64
const EINVAL = 22
const ENOTTY = 25

/** The name of the file below the folder, as `Root` sees hosts. */
export const DEVICE_FILE = 'shared-device'

/** The bytes of a device in which nothing is set. */
export function deviceBytes(config: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CONFIG_BYTES + 4 * ENTRIES)
  bytes.set(config)
  return bytes
}

/** The tags in such bytes. */
export function tagsIn(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return Array.from({ length: ENTRIES }, (_, i) => view.getUint32(CONFIG_BYTES + 4 * i, true))
}

/** The real /proc, in which the file is a device fd of Linux 6.18; all else is below a folder. */
export class SharedRoot extends Root {
  readonly #real = new Root()
  readonly #file: string
  readonly #bdf: string

  constructor(folder: string, bdf: string) {
    super(folder)
    this.#file = `${folder}/${DEVICE_FILE}`
    this.#bdf = bdf
  }

  override text(path: string): string | null {
    if (!isProcess(path)) return super.text(path)
    const text = this.#real.text(path)
    if (!path.includes('/fdinfo/')) return text
    const isDevice = this.#real.link(path.replace('/fdinfo/', '/fd/')) === this.#file
    return isDevice ? `${text}\nvfio-device-syspath:\t/sys/devices/${this.#bdf}` : text
  }

  override names(path: string): string[] {
    return path === '/proc' || isProcess(path) ? this.#real.names(path) : super.names(path)
  }

  override link(path: string): string | null {
    if (!isProcess(path)) return super.link(path)
    const link = this.#real.link(path)
    return link === this.#file ? 'anon_inode:[vfio-device]' : link
  }
}

function isProcess(path: string): boolean {
  return /^\/proc\/(?:\d+|self)\//.test(path)
}

/** The real calls, but for the ioctls of the file. */
export function sharedLibc(real: Libc): Libc {
  return {
    name: real.name,
    pidfdOpen: (pid) => real.pidfdOpen(pid),
    pidfdGetfd: (pidfd, fd) => real.pidfdGetfd(pidfd, fd),
    flock: (fd, operation) => real.flock(fd, operation),
    ioctlValue: (fd, request, value) => real.ioctlValue(fd, request, value),
    readMapped: (fd, offset, length) => real.readMapped(fd, offset, length),
    sendDatagram: (path, text) => real.sendDatagram(path, text),
    ioctl(fd, request, bytes) {
      if (request === 0x3b6c) {
        return answerRegionInfo({ 7: { flags: 3, size: CONFIG_BYTES, offset: 0 } }, bytes)
      }
      return request === 0x3b75 ? feature(fd, bytes) : -ENOTTY
    },
  }
}

/** TPH_ST by the offsets of uapi.md 1: volatile tags are 0x100 + CPU. */
function feature(fd: number, bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const flags = view.getUint32(4, true)
  if ((flags & 0x40000) !== 0) return 0
  const [index, count] = [view.getUint16(12, true), view.getUint16(14, true)]
  if (count === 0 || index + count > ENTRIES) return -EINVAL
  const at = CONFIG_BYTES + 4 * index
  const data = bytes.subarray(16, 16 + 4 * count)
  if ((flags & 0x20000) === 0) {
    readSync(fd, data, 0, data.length, at)
    return 0
  }
  const tags = new DataView(new ArrayBuffer(4 * count))
  for (let i = 0; i < count; i++) {
    const cpu = view.getUint32(16 + 4 * i, true)
    tags.setUint32(4 * i, cpu === 0xffffffff ? 0 : 0x100 + cpu, true)
  }
  writeSync(fd, new Uint8Array(tags.buffer), 0, 4 * count, at)
  return 0
}
