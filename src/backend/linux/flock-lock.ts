import { ftruncateSync, readSync, writeSync } from 'node:fs'
import { type Libc, LOCK_EX, LOCK_NB, LOCK_UN } from '../../../native-shims/libc.ts'
import { E, errnoName } from '../../abi/errno.ts'
import type { Bdf } from '../../args/bdf.ts'
import { escapeUnseen } from '../../args/quote.ts'
import { closeQuietly } from '../../close-quietly.ts'
import { BusyError, RefusedError } from '../../errors.ts'
import { napAfter, sleep } from '../../sleep.ts'
import { systemError } from '../../system-error.ts'
import type { Lock } from '../types.ts'
import { openLockFile } from './open-lock-file.ts'
import { command } from './proc.ts'
import { Root } from './root.ts'

const HOLDER = /^(\d{1,10}) (.*)$/
const HOLDER_BYTES = 64
const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])

/** Where lock files lie, and whose they are. */
export interface LockPlace {
  /** Private to the user; made when it is not there. */
  readonly directory: string
  /** The effective user id of this process. */
  readonly user: number
}

/**
 * Takes the device's lock file. The kernel lets go of it with the process, however that ends; the file stays, since a lock on
 * a file that somebody removes would be no lock.
 *
 * @throws BusyError naming the holder when the time is over; PermissionError when the directory is not ours alone
 */
export function takeFlock(
  libc: Libc,
  { directory, user }: LockPlace,
  bdf: Bdf,
  waitSeconds: number,
): Lock {
  const fd = openLockFile(directory, bdf, user)
  try {
    waitFor(libc, fd, waitSeconds)
    nameHolder(fd)
  } catch (error) {
    closeQuietly(fd)
    throw systemError('lock the device', error)
  }
  return new FlockLock(libc, fd)
}

class FlockLock implements Lock {
  readonly #libc: Libc
  #fd: number | null

  constructor(libc: Libc, fd: number) {
    this.#libc = libc
    this.#fd = fd
  }

  /** Later calls do nothing: the number may be somebody else's file by then. */
  release(): void {
    const fd = this.#fd
    this.#fd = null
    if (fd === null) return
    forgetHolder(fd)
    // Closing is not enough while a child process has a copy of the fd.
    this.#libc.flock(fd, LOCK_UN)
    closeQuietly(fd)
  }
}

function waitFor(libc: Libc, fd: number, waitSeconds: number): void {
  const begun = Date.now()
  const deadline = begun + waitSeconds * 1000
  for (;;) {
    const result = libc.flock(fd, LOCK_EX | LOCK_NB)
    if (result >= 0) return
    if (result !== -E.EAGAIN && result !== -E.EINTR) throw lockFailed(-result)
    const now = Date.now()
    if (now >= deadline) throw held(holderIn(fd))
    sleep(Math.min(napAfter(now - begun), deadline - now))
  }
}

function lockFailed(errno: number): RefusedError {
  const name = errnoName(errno)
  const message = `Cannot lock the device: ${name}, the kernel gives no lock on its lock file`
  return new RefusedError(message, { errno: name })
}

function held(holder: string): BusyError {
  const message = `Cannot lock the device: EBUSY, held by ${holder}`
  return new BusyError(message, { errno: 'EBUSY', hint: 'wait for it with --wait SECONDS' })
}

/** What the holder wrote; one that only just got the lock has not written yet. */
function holderIn(fd: number): string {
  const bytes = Buffer.alloc(HOLDER_BYTES)
  const text = bytes.toString('utf8', 0, readSync(fd, bytes, 0, HOLDER_BYTES, 0))
  const [, pid, name = ''] = HOLDER.exec(text.split('\n', 1)[0] ?? '') ?? []
  return pid === undefined ? 'another process' : `pid ${pid} (${escapeUnseen(name)})`
}

/** A name that stays does no harm: whoever gets the lock next writes another one. */
function forgetHolder(fd: number): void {
  try {
    ftruncateSync(fd)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
  }
}

/** For messages of others only: a full disk is no reason not to let anybody lock, and undo or disable, a device. */
function nameHolder(fd: number): void {
  ftruncateSync(fd)
  const name = command(new Root(), process.pid) ?? '?'
  try {
    writeSync(fd, `${process.pid} ${name.replaceAll('\n', ' ')}\n`, 0)
  } catch (error) {
    if (!NO_ROOM.has((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
