import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { uniqueId } from '../../unique.ts'
import {
  CorruptStateError,
  checkTail,
  fileIdOf,
  formatHeader,
  HEADER_LENGTH,
  parseLines,
  type StateRecord,
  splitLines,
} from './journal-format.ts'
import { replaceFile } from './replace-file.ts'

const { O_RDONLY, O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
/** Many times the length at which it is made shorter. */
const MOST_BYTES = 256n * 1024n * 1024n
/** A link is not followed, a pipe not waited for. */
const READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
const APPEND = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK

/** How far a file has been read. */
export interface JournalPosition {
  /** Names this very file: after it was replaced, another one. */
  readonly file: string
  /** Bytes read; what lies behind is a line that is not finished. */
  readonly end: number
  /** Lines read. */
  readonly lines: number
  /** What stat(2) said of it then: while it says the same, there is nothing new. */
  readonly stamp: string
}

/** What a read of the file's new part gave. */
export interface JournalPart {
  readonly records: readonly StateRecord[]
  readonly position: JournalPosition
  /** True when the records are those of a file read from its start. */
  readonly fromStart: boolean
}

/**
 * Reads the records behind `since`, or all of them when that is null or the file is another one by now.
 *
 * @returns null when there is no file
 * @throws CorruptStateError naming the line; system errors as Node throws them
 */
export function readJournal(path: string, since: JournalPosition | null): JournalPart | null {
  if (
    since !== null &&
    since.stamp === stampOf(statSync(path, { bigint: true, throwIfNoEntry: false }))
  ) {
    return { records: [], position: since, fromStart: false }
  }
  const fd = openExisting(path)
  if (fd === null) return null
  try {
    const stat = fstatSync(fd, { bigint: true })
    if (!stat.isFile() && !stat.isDirectory())
      throw new CorruptStateError('it is no regular file', false)
    const { ino, size } = stat
    if (size > MOST_BYTES) throw new CorruptStateError('it is longer than 256 MiB', false)
    const file = `${ino}:${fileIdOf(readAll(fd, 0, HEADER_LENGTH).toString('latin1'))}`
    const start = since?.file === file && since.end <= size ? since : { end: 0, lines: 0 }
    const bytes = readAll(fd, start.end, Number(size) - start.end)
    const complete = bytes.lastIndexOf(0x0a) + 1
    const lines = splitLines(bytes.toString('latin1', 0, complete))
    const records = parseLines(lines, start.lines)
    checkTail(bytes.toString('latin1', complete), start.lines + lines.length)
    const position = {
      file,
      end: start.end + complete,
      lines: start.lines + lines.length,
      stamp: stampOf(stat),
    }
    return { records, position, fromStart: start.end === 0 }
  } finally {
    closeSync(fd)
  }
}

/**
 * Appends lines; the caller holds the store's lock. Nothing that a file once held is written over, because readers have no
 * lock: when a killed or failed writer left something unfinished behind `end`, a new file without that takes its place. So it does
 * where the file has another name as well (a hard link), under which nothing is to change.
 */
export function appendJournal(path: string, end: number, lines: string): void {
  const fd = openSync(path, APPEND, 0o600)
  try {
    const { size, nlink } = fstatSync(fd)
    if (size > end || nlink > 1) {
      const kept =
        end === 0 ? '' : readAll(fd, HEADER_LENGTH, end - HEADER_LENGTH).toString('latin1')
      replaceJournal(path, kept + lines)
      return
    }
    writeAll(fd, Buffer.from((end === 0 ? formatHeader(uniqueId()) : '') + lines, 'latin1'))
  } finally {
    closeSync(fd)
  }
}

/** Puts a file of these lines in the place of the one there; the caller holds the store's lock. */
export function replaceJournal(path: string, lines: string): void {
  replaceFile(path, formatHeader(uniqueId()) + lines)
}

/** Each write gives a file another size or time, each replacement another inode. */
function stampOf(stat: BigIntStats | undefined): string {
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`
}

/** Whether there is nothing under that name; what it is that is there, `readJournal` tells. */
export function isMissing(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined
}

function openExisting(path: string): number | null {
  try {
    return openSync(path, READ)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function readAll(fd: number, start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const count = readSync(fd, bytes, filled, length - filled, start + filled)
    if (count === 0) break
    filled += count
  }
  return bytes.subarray(0, filled)
}

function writeAll(fd: number, bytes: Buffer): void {
  let written = 0
  while (written < bytes.length) written += writeSync(fd, bytes, written)
}
