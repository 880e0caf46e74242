import { checkArgsz, startsWithArgsz } from './argsz.ts'
import type { Binding } from './binding.ts'
import type { Libc } from './libc.ts'
import { bindReadMapped } from './read-mapped.ts'
import { bindSendDatagram } from './send-datagram.ts'
import { settle } from './settle.ts'

// System calls that glibc has no wrapper for before 2.36; the numbers are those of x86-64 and arm64 alike.
const SYS_pidfd_open = 434
const SYS_pidfd_getfd = 438

/** Builds libc's calls on what a foreign-function package provides. @throws Error when libc lacks one */
export function bindLibc(binding: Binding): Libc {
  const ioctl = binding.bind('ioctl', 'int', ['int', 'ulong', 'pointer'])
  const ioctlValue = binding.bind('ioctl', 'int', ['int', 'ulong', 'long'])
  const syscall = binding.bind('syscall', 'long', ['long', 'long', 'long', 'long'])
  const flock = binding.bind('flock', 'int', ['int', 'int'])
  return {
    name: binding.name,
    ioctl(fd, request, argument) {
      if (startsWithArgsz(request)) checkArgsz(argument)
      return settle(binding, () => ioctl(fd, request >>> 0, argument))
    },
    ioctlValue: (fd, request, value) => settle(binding, () => ioctlValue(fd, request >>> 0, value)),
    pidfdOpen: (pid) => settle(binding, () => syscall(SYS_pidfd_open, pid, 0, 0)),
    pidfdGetfd: (pidfd, fd) => settle(binding, () => syscall(SYS_pidfd_getfd, pidfd, fd, 0)),
    flock: (fd, operation) => settle(binding, () => flock(fd, operation)),
    readMapped: bindReadMapped(binding),
    sendDatagram: bindSendDatagram(binding),
  }
}
