import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryDirectory } from '../helpers/temporary.ts'

/** A descriptor number that is not open. */
export const NOT_OPEN = 1_000_000

/** Opens a file for the test that runs. */
export function open(path: string, flags: string | number = 'r'): number {
  return closedLater(openSync(path, flags))
}

/** Has a descriptor closed when the test is over. */
export function closedLater(fd: number): number {
  if (fd >= 0) onTestFinished(() => closeSync(fd))
  return fd
}

/** A pipe, open at both ends through one descriptor. */
export function openPipe(): number {
  const path = join(temporaryDirectory(), 'pipe')
  execFileSync('mkfifo', [path])
  return open(path, 'r+')
}

/** How many descriptors this process has, the one that counts included. */
export function countDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}
