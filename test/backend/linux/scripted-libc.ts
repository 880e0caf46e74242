import { openSync, readdirSync, readlinkSync, readSync } from 'node:fs'
import { startsWithArgsz } from '../../../native-shims/argsz.ts'
import { checkArgsz, type Libc, LOCK_UN } from '../../../native-shims/libc.ts'
import { s32, viewOf } from '../../../src/abi/codec.ts'
import { E } from '../../../src/abi/errno.ts'
import {
  VFIO_CHECK_EXTENSION,
  VFIO_DEVICE_GET_REGION_INFO,
  VFIO_GET_API_VERSION,
  VFIO_GROUP_GET_DEVICE_FD,
  VFIO_GROUP_GET_STATUS,
  VFIO_GROUP_SET_CONTAINER,
  vfio_group_status,
} from '../../../src/abi/vfio.ts'
import { ioctlName } from '../../../src/abi/vfio-names.ts'
import type { FakeRoot } from './fake-root.ts'
import { CONFIG_AT, DEFAULTS, type Script } from './libc-script.ts'
import { answerRegionInfo } from './scripted-regions.ts'

export { CONFIG_AT, type Script } from './libc-script.ts'

/** A libc whose kernel is a script. Every fd it hands out is a real one of a file below the fake root. */
export class ScriptedLibc implements Libc {
  readonly name = 'koffi'
  /** Every call in order, as `ioctl VFIO_DEVICE_RESET` or `pidfdOpen 812`. */
  readonly calls: string[] = []
  readonly script: Script
  readonly #fake: FakeRoot

  constructor(fake: FakeRoot, script: Partial<Script> = {}) {
    this.#fake = fake
    const config = Uint8Array.of(0x86, 0x80, 0x9b, 0x15)
    this.script = { ...DEFAULTS, config, ...script }
    fake.file('/pidfd', '')
  }

  ioctl(fd: number, request: number, argument: Uint8Array): number {
    if (startsWithArgsz(request)) checkArgsz(argument)
    const failed = this.#record(`ioctl ${ioctlName(request)}${detailOf(request, argument)}`)
    if (failed !== 0) return failed
    if (fd < 0) return -E.EBADF
    if (request === VFIO_DEVICE_GET_REGION_INFO) return this.#regionInfo(argument)
    if (request === VFIO_GROUP_GET_STATUS) {
      argument.set(vfio_group_status.encode({ argsz: 8, flags: this.script.groupFlags }))
    }
    return request === VFIO_GROUP_GET_DEVICE_FD ? this.#openDevice() : 0
  }

  ioctlValue(_fd: number, request: number, value: number): number {
    const failed = this.#record(`ioctl ${ioctlName(request)} ${value}`)
    if (failed !== 0) return failed
    if (request === VFIO_GET_API_VERSION) return this.script.apiVersion
    if (request === VFIO_CHECK_EXTENSION) return this.script.iommuTypes.includes(value) ? 1 : 0
    return 0
  }

  pidfdOpen(pid: number): number {
    const failed = this.#record(`pidfdOpen ${pid}`)
    return failed === 0 ? openSync(`${this.#fake.folder}/pidfd`, 'r') : failed
  }

  pidfdGetfd(_pidfd: number, fd: number): number {
    const failed = this.#record(`pidfdGetfd ${fd}`)
    if (failed !== 0) return failed
    const lent = this.#openDevice()
    this.script.lent(lent)
    return lent
  }

  flock(_fd: number, operation: number): number {
    const failed = this.#record(operation === LOCK_UN ? 'flock LOCK_UN' : `flock ${operation}`)
    if (failed !== 0) return failed
    return operation !== LOCK_UN && this.script.lockedTimes-- > 0 ? -E.EAGAIN : 0
  }

  /** The bytes are those of the file; beyond its end the real one would end the process. */
  readMapped(fd: number, offset: number, length: number): Uint8Array | number {
    const failed = this.#record(`readMapped ${offset} ${length}`)
    if (failed !== 0) return failed
    const bytes = new Uint8Array(length)
    if (readSync(fd, bytes, 0, length, offset) < length) throw new Error('SIGBUS')
    return bytes
  }

  sendDatagram(path: string, text: string): number {
    return this.#record(`sendDatagram ${path} ${text}`) || text.length
  }

  #record(call: string): number {
    this.calls.push(call)
    this.script.before(call.split(' ')[0] ?? '')
    const { fail } = this.script
    return fail?.call === this.calls.length ? -fail.errno : 0
  }

  #regionInfo(argument: Uint8Array): number {
    const { config, bars } = this.script
    const region = { flags: 3, size: config.length, offset: CONFIG_AT }
    return answerRegionInfo({ ...bars, 7: region }, argument)
  }

  #openDevice(): number {
    this.#fake.file('/device', Buffer.concat([Buffer.alloc(CONFIG_AT), this.script.config]))
    return openSync(`${this.#fake.folder}/device`, 'r+')
  }
}

/** The files below a fake root that this process has open, by name in the order of their fds. */
export function openBelow({ folder }: FakeRoot): string[] {
  const links = readdirSync('/proc/self/fd')
    .map(Number)
    .sort((a, b) => a - b)
    .map(linkOf)
  return links.filter((link) => link.startsWith(folder)).map((link) => link.slice(folder.length))
}

function linkOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}

function detailOf(request: number, argument: Uint8Array): string {
  if (request === VFIO_GROUP_GET_DEVICE_FD)
    return ` ${JSON.stringify(Buffer.from(argument).toString())}`
  if (request === VFIO_GROUP_SET_CONTAINER) {
    return ` ${readlinkSync(`/proc/self/fd/${s32.read(viewOf(argument), 0)}`)
      .split('/')
      .at(-1)}`
  }
  return ''
}
