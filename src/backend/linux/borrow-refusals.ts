import { E, errnoName } from '../../abi/errno.ts'
import type { Bdf } from '../../args/bdf.ts'
import {
  BusyError,
  type ErrorDetails,
  NotFoundError,
  PermissionError,
  RefusedError,
  TphctlError,
  UnsupportedError,
} from '../../errors.ts'
import { type NamedProcess, processText } from './owner-refusals.ts'
import type { Root } from './root.ts'

const PTRACE_SCOPE = '/proc/sys/kernel/yama/ptrace_scope'

/** An owner as its errors name it. */
interface Source extends NamedProcess {
  readonly fd: number
}

/** The error for an owner that ended meanwhile. */
export function ownerGone(device: Bdf, owner: NamedProcess): NotFoundError {
  const hint = `"tphctl info ${device}" shows whether there is another owner`
  return new NotFoundError(`${borrowing(owner)}: ESRCH, it has ended`, {
    device,
    errno: 'ESRCH',
    hint,
  })
}

/** The error for an fd that this process was not started with. */
export function notInherited(device: Bdf, fd: number): NotFoundError {
  const message = `Cannot use fd ${fd}: EBADF, this process was started without it`
  const hint = `with --fd alone the caller hands the open device down; name its process with --pid PID --fd ${fd}`
  return new NotFoundError(message, { device, errno: 'EBADF', hint })
}

/** The error for a pidfd_open or pidfd_getfd that failed. @param errno positive */
export function pidfdFailed(root: Root, device: Bdf, owner: Source, errno: number): TphctlError {
  const name = errnoName(errno)
  const failed = (why: string, hint?: string): [string, ErrorDetails] => [
    `${borrowing(owner)}: ${name}, ${why}`,
    { device, errno: name, ...(hint === undefined ? {} : { hint }) },
  ]
  switch (errno) {
    case E.ESRCH:
      return ownerGone(device, owner)
    case E.EBADF:
      return new BusyError(...failed(`its fd ${owner.fd} is closed`, 'try again'))
    case E.EPERM:
    case E.EACCES:
      return new PermissionError(...failed(...missingRight(root)))
    case E.ENOSYS:
      return new UnsupportedError(
        ...failed('this kernel cannot lend open files', 'Linux 5.6 or later has pidfd_getfd'),
      )
    case E.EMFILE:
      return new RefusedError(
        ...failed('too many files are open here', 'raise the limit with "ulimit -n"'),
      )
    default:
      return new RefusedError(...failed('the kernel does not lend its open file'))
  }
}

/** Which right it takes to borrow (ptrace(2), "Ptrace access mode checking"), and who may give it. */
function missingRight(root: Root): [why: string, hint: string] {
  const asRoot = 'run it as root or with CAP_SYS_PTRACE'
  switch (scopeOf(root)) {
    case '3':
      return [
        'Yama forbids it to everybody (kernel.yama.ptrace_scope is 3)',
        'boot with a lower kernel.yama.ptrace_scope, or give the device with --fd N',
      ]
    case '2':
      return ['it needs CAP_SYS_PTRACE (kernel.yama.ptrace_scope is 2)', asRoot]
    case '1':
      return ['it needs CAP_SYS_PTRACE (kernel.yama.ptrace_scope is 1)', asRoot]
    default:
      return [
        "it needs CAP_SYS_PTRACE, or the owner's user",
        `${asRoot}; in a container its seccomp profile must allow pidfd_getfd`,
      ]
  }
}

/** Null where Yama is not in the kernel, or does not say. */
function scopeOf(root: Root): string | null {
  try {
    return root.text(PTRACE_SCOPE)
  } catch (error) {
    if (error instanceof TphctlError) return null
    throw error
  }
}

function borrowing(owner: NamedProcess): string {
  return `Cannot borrow the device from ${processText(owner)}`
}
