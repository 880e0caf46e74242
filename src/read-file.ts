import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { UsageError } from './errors.ts'

/** The longest text that is read as a whole: many times what desired state of a full host takes. */
export const MOST_BYTES = 64 * 1024 * 1024
const CHUNK = 65_536

/**
 * The whole of a file, which may be a pipe.
 *
 * @throws UsageError when it is longer than `MOST_BYTES`, as a device may be without end; system errors as Node throws them
 */
export function readWholeFile(path: string): Buffer {
  const fd = openSync(path, 'r')
  try {
    return readAll(fd, path)
  } finally {
    closeSync(fd)
  }
}

/** The error for a text that is not read as a whole. @param name how messages name it */
export function tooLong(name: string): UsageError {
  return new UsageError(`Cannot read ${name}: it is longer than ${MOST_BYTES / 1024 / 1024} MiB`)
}

function readAll(fd: number, path: string): Buffer {
  const { size } = fstatSync(fd)
  const parts: Buffer[] = []
  for (let length = 0; ; ) {
    const part = Buffer.allocUnsafe(Math.min(Math.max(size + 1 - length, CHUNK), MOST_BYTES + 1))
    const count = readSync(fd, part, 0, part.length, null)
    if (count === 0) return Buffer.concat(parts)
    parts.push(part.subarray(0, count))
    length += count
    if (length > MOST_BYTES) throw tooLong(`"${path}"`)
  }
}
