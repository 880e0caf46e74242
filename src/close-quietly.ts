import { closeSync } from 'node:fs'

/**
 * Closes a file through which nothing was written that close(2) could still lose. Linux lets go of the descriptor whatever it answers, so
 * a failure means nothing to anybody.
 *
 * @throws the system error EBADF, for what is not open: that is a bug
 */
export function closeQuietly(fd: number): void {
  try {
    closeSync(fd)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined || code === 'EBADF') throw error
  }
}
