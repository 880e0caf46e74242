import { E, errnoName } from '../../abi/errno.ts'
import {
  BusyError,
  type ErrorDetails,
  PermissionError,
  RefusedError,
  type TphctlError,
  UnsupportedError,
} from '../../errors.ts'

/** What an errno means in one step, and what to do about it; `busy` where it does not say so itself. */
export type Meanings = Readonly<
  Record<number, readonly [why: string, hint?: string, kind?: 'busy']>
>

const NO_RIGHT = 'run it as root, or give the node to this user with a udev rule'

/** What an errno means where a step says nothing else. */
const GENERAL: Meanings = {
  [E.EACCES]: ['this user may not use it', NO_RIGHT],
  [E.EPERM]: [
    'this process may not use it',
    'run it as root; a container needs the node in its device cgroup',
  ],
  [E.EBUSY]: ['it is in use', '"tphctl list" shows the owners of devices'],
  [E.ENOENT]: ['there is no such node', 'load the driver with "modprobe vfio-pci"'],
  [E.ENODEV]: ['its device is gone'],
  [E.ENXIO]: ['its device is gone'],
  [E.ENOTTY]: ['this kernel does not know the call'],
  [E.ENOMEM]: ['the kernel is out of memory, or the limit of locked memory is too low'],
  [E.EMFILE]: ['too many files are open here', 'raise the limit with "ulimit -n"'],
  [E.EIO]: ['the device did not answer'],
}

/**
 * The error for one step of opening a device.
 *
 * @param action `verb object`
 * @param errno positive
 */
export function stepFailed(action: string, errno: number, meanings: Meanings = {}): TphctlError {
  const [why, hint, kind] = meanings[errno] ?? GENERAL[errno] ?? ['the kernel refused']
  const name = errnoName(errno)
  const details = { errno: name, ...(hint === undefined ? {} : { hint }) }
  const ErrorClass = kind === 'busy' ? BusyError : classFor(errno)
  return new ErrorClass(`Cannot ${action}: ${name}, ${why}`, details)
}

type StepError = new (message: string, details: ErrorDetails) => TphctlError

function classFor(errno: number): StepError {
  switch (errno) {
    case E.EACCES:
    case E.EPERM:
      return PermissionError
    case E.EBUSY:
      return BusyError
    case E.ENOENT:
    case E.ENODEV:
    case E.ENXIO:
    case E.ENOTTY:
    case E.EOPNOTSUPP:
      return UnsupportedError
    default:
      return RefusedError
  }
}
