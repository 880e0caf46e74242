import { E, errnoName } from '../abi/errno.ts'
import { PermissionError, RefusedError, type TphctlError, UnsupportedError } from '../errors.ts'

/** What errnos mean, by their numbers. */
export type Meanings = Readonly<Record<number, string>>

/** What an errno of a device call means for the user of a steering tag. */
const MEANING: Meanings = {
  [E.EINVAL]: 'the kernel does not accept this request',
  [E.ENOTTY]: 'the kernel has no TPH_ST feature for this device',
  [E.EOPNOTSUPP]: 'the device or its root port does not support this',
  [E.EPERM]: 'the kernel does not permit it',
  [E.EACCES]: 'the kernel does not permit it',
  [E.ENODEV]: 'the device is gone',
  [E.ENXIO]: 'the device has no such entry or vector',
  [E.EIO]: 'the device did not answer',
  [E.EBUSY]: 'the kernel says the device is busy',
  [E.ENOMEM]: 'the kernel is out of memory',
  [E.EFAULT]: 'the kernel could not read the request',
  [E.EINTR]: 'a signal interrupted every attempt',
}

/** `<errno name>, <what that means here>`. @param errno positive @param own what the interface means by errnos, where it has its own */
export function explainErrno(errno: number, own: Meanings = {}): string {
  return `${errnoName(errno)}, ${own[errno] ?? MEANING[errno] ?? 'the kernel refused'}`
}

/** The error for a device call that failed. @param action `verb object` @param errno positive @param own as of `explainErrno` */
export function callFailed(action: string, errno: number, own: Meanings = {}): TphctlError {
  return errnoError(`Cannot ${action}: ${explainErrno(errno, own)}`, errno)
}

/** The error with that message, of the class that the errno asks for. @param errno positive; null where nothing was refused */
export function errnoError(message: string, errno: number | null): TphctlError {
  if (errno === null) return new RefusedError(message)
  const details = { errno: errnoName(errno) }
  if (errno === E.EPERM || errno === E.EACCES) return new PermissionError(message, details)
  if (errno === E.ENOTTY || errno === E.EOPNOTSUPP) return new UnsupportedError(message, details)
  return new RefusedError(message, details)
}

/** Errnos by which a kernel says that it has no such feature or method. */
export const NOT_THERE: ReadonlySet<number> = new Set([E.ENOTTY, E.EINVAL, E.EOPNOTSUPP])
