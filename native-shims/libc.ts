export { checkArgsz } from './argsz.ts'

/**
 * The C library's calls that Node lacks: the native boundary.
 *
 * Every call is synchronous and returns a result >= 0 or the negative errno, read right after the call. A call that a signal
 * interrupted is made again. Numbers of descriptors and processes are not checked: the kernel does that.
 */
export interface Libc {
  /** The npm package behind it. */
  readonly name: 'koffi' | 'ffi-napi'

  /**
   * ioctl(2) with a pointer: the kernel reads `argument` and writes its reply over it.
   *
   * @param request 32 bits; bit 31 may be set or, as JavaScript has it, the sign
   * @throws RangeError before any call, when the size in a VFIO or iommufd argument exceeds it (see checkArgsz)
   */
  ioctl(fd: number, request: number, argument: Uint8Array): number

  /** ioctl(2) with a number in place of the pointer. */
  ioctlValue(fd: number, request: number, value: number): number

  /** pidfd_open(2), Linux 5.3 on. @returns a descriptor that the caller closes, close-on-exec */
  pidfdOpen(pid: number): number

  /** pidfd_getfd(2), Linux 5.6 on. @returns a descriptor of the same open file that the caller closes, close-on-exec */
  pidfdGetfd(pidfd: number, fd: number): number

  /**
   * flock(2). Without LOCK_NB it blocks the whole process and no signal handler of JavaScript runs meanwhile.
   *
   * @returns 0, or -EAGAIN (11) with LOCK_NB when another open file holds the lock
   */
  flock(fd: number, operation: number): number

  /**
   * Copies bytes that mmap(2) shows, in aligned 4-byte loads as device memory wants them. Nothing stays mapped.
   *
   * What the mapping does not back (beyond the end of a file, a BAR whose device does not decode memory) ends the process
   * with SIGBUS: the caller asks before.
   *
   * @param fd open for reading
   * @param offset a multiple of 4, at most 2^53 together with `length`
   * @param length a multiple of 4, above 0
   * @throws RangeError when offset or length is none of these
   */
  readMapped(fd: number, offset: number, length: number): Uint8Array | number

  /**
   * Sends one datagram to a Unix socket, as sd_notify(3) does; waits while the receiver's queue is full.
   *
   * @param path of the socket; a leading `@` means the abstract name space
   * @returns the number of bytes sent
   */
  sendDatagram(path: string, text: string): number
}

/** flock(2): a shared lock. */
export const LOCK_SH = 1
/** flock(2): an exclusive lock. */
export const LOCK_EX = 2
/** flock(2): with LOCK_SH or LOCK_EX, do not wait. */
export const LOCK_NB = 4
/** flock(2): gives the lock back. */
export const LOCK_UN = 8
