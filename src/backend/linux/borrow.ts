import type { Libc } from '../../../native-shims/libc.ts'
import type { Bdf } from '../../args/bdf.ts'
import { closeQuietly } from '../../close-quietly.ts'
import { BusyError } from '../../errors.ts'
import type { Owner } from '../types.ts'
import { type BorrowedFunction, checkBorrowed } from './borrow-check.ts'
import { notInherited, ownerGone, pidfdFailed } from './borrow-refusals.ts'
import { processText } from './owner-refusals.ts'
import { command, startTime } from './proc.ts'
import type { Root } from './root.ts'

/** An fd of a process, and that process by start time. */
type Lender = Pick<Owner, 'pid' | 'command' | 'fd' | 'startTime'>

/**
 * Borrows the owner's fd: the same open file, under a number of ours.
 *
 * @returns the fd, which the caller closes
 * @throws BusyError when the owner, its fd or the device behind it is not what it was taken for; NotFoundError when the owner is
 * gone; PermissionError; UnsupportedError before Linux 5.6
 */
export function borrowFd(root: Root, libc: Libc, fn: BorrowedFunction, owner: Lender): number {
  const pidfd = libc.pidfdOpen(owner.pid)
  if (pidfd < 0) throw pidfdFailed(root, fn.bdf, owner, -pidfd)
  try {
    return borrowThrough(pidfd, root, libc, fn, owner)
  } finally {
    closeQuietly(pidfd)
  }
}

/**
 * An fd that this process was started with (`--fd N`), under another number, so that it stays open for what comes after.
 *
 * @returns the fd, which the caller closes
 * @throws NotFoundError when there is no such fd; else as `borrowFd`
 */
export function inheritedFd(root: Root, libc: Libc, fn: BorrowedFunction, fd: number): number {
  if (root.link(`/proc/self/fd/${fd}`) === null) throw notInherited(fn.bdf, fd)
  const start = startTime(root, process.pid) ?? ''
  const self = {
    pid: process.pid,
    command: command(root, process.pid) ?? '?',
    fd,
    startTime: start,
  }
  return borrowFd(root, libc, fn, self)
}

/** The pidfd names one process for good, so what is true before and after it was opened holds for what comes through it. */
function borrowThrough(
  pidfd: number,
  root: Root,
  libc: Libc,
  fn: BorrowedFunction,
  owner: Lender,
): number {
  checkSameProcess(root, fn.bdf, owner)
  const fd = libc.pidfdGetfd(pidfd, owner.fd)
  if (fd < 0) throw pidfdFailed(root, fn.bdf, owner, -fd)
  try {
    checkSameProcess(root, fn.bdf, owner)
    checkBorrowed(root, libc, fn, owner, fd)
    return fd
  } catch (error) {
    closeQuietly(fd)
    throw error
  }
}

function checkSameProcess(root: Root, device: Bdf, owner: Lender): void {
  const start = startTime(root, owner.pid)
  if (start === owner.startTime) return
  if (start === null) throw ownerGone(device, owner)
  const message = `Cannot borrow the device from ${processText(owner)}: another process has its pid now`
  throw new BusyError(message, { device, hint: 'try again' })
}
