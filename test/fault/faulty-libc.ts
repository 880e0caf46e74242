import type { Libc } from '../../native-shims/libc.ts'
import { errnoNumber } from '../../src/abi/errno.ts'
import { injector } from './injector.ts'
import { ioctlKind } from './ioctl-kind.ts'

/** A libc each of whose calls asks the injector first. An interrupted call is made again below this line, so none ends with EINTR. */
export class FaultyLibc implements Libc {
  readonly name = 'koffi'
  readonly #libc: Libc

  constructor(libc: Libc) {
    this.#libc = libc
  }

  ioctl(fd: number, request: number, argument: Uint8Array): number {
    return (
      failing(ioctlKind(request, argument), nameOf(fd)) ?? this.#libc.ioctl(fd, request, argument)
    )
  }

  ioctlValue(fd: number, request: number, value: number): number {
    const kind = ioctlKind(request, new Uint8Array(0))
    return failing(kind, nameOf(fd)) ?? this.#libc.ioctlValue(fd, request, value)
  }

  pidfdOpen(pid: number): number {
    return failing('pidfd_open', '') ?? opened(this.#libc.pidfdOpen(pid), 'pidfd')
  }

  pidfdGetfd(pidfd: number, fd: number): number {
    return failing('pidfd_getfd', '') ?? this.#libc.pidfdGetfd(pidfd, fd)
  }

  flock(fd: number, operation: number): number {
    return failing('flock', nameOf(fd)) ?? this.#libc.flock(fd, operation)
  }

  readMapped(fd: number, offset: number, length: number): Uint8Array | number {
    return failing('mmap', nameOf(fd)) ?? this.#libc.readMapped(fd, offset, length)
  }

  sendDatagram(path: string, text: string): number {
    return failing('send', path) ?? this.#libc.sendDatagram(path, text)
  }
}

/** @returns the negative errno; null when the call is to be made */
function failing(kind: string, object: string): number | null {
  const errno = injector()?.call(kind, object) ?? null
  return errno === null ? null : -(errnoNumber(errno) ?? 0)
}

function opened(fd: number, what: string): number {
  if (fd >= 0) injector()?.opened(fd, what)
  return fd
}

function nameOf(fd: number): string {
  return injector()?.open.get(fd) ?? `fd ${fd}`
}
