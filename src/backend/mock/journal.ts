import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { type Change, REGIONS } from './memory.ts'

/** A line of the state file: one change of one emulated function of one host. */
export interface StateRecord extends Change {
  /** The host's key, so that hosts share a file without mixing. */
  readonly host: string
  readonly bdf: string
}

/** The first line of every state file; what lacks it is not ours to touch. */
export const HEADER = '{"tphctl":"mock state","version":1}\n'

/** The state file holds something that tphctl did not write. */
export class CorruptStateError extends Error {
  override readonly name = 'CorruptStateError'
  /** Whether the file starts as tphctl's files do, so that emptying it destroys nothing else. */
  readonly ours: boolean
  constructor(message: string, ours = true) {
    super(message)
    this.ours = ours
  }
}

/** How far a file has been read. */
export interface JournalPosition {
  /** Names this very file: after it was replaced, another one. */
  readonly file: string
  /** Bytes read; what lies behind is a line that is not finished. */
  readonly end: number
  /** Lines read. */
  readonly lines: number
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
  const fd = openExisting(path)
  if (fd === null) return null
  try {
    const { ino, birthtimeNs, size } = fstatSync(fd, { bigint: true })
    const file = `${ino}:${birthtimeNs}`
    const start = since?.file === file && since.end <= size ? since : { end: 0, lines: 0 }
    const bytes = readAll(fd, start.end, Number(size) - start.end)
    const complete = bytes.lastIndexOf(0x0a) + 1
    const lines = splitLines(bytes.toString('latin1', 0, complete))
    checkTail(bytes.toString('latin1', complete), start.lines + lines.length)
    const position = { file, end: start.end + complete, lines: start.lines + lines.length }
    return { records: parseLines(lines, start.lines), position, fromStart: start.end === 0 }
  } finally {
    closeSync(fd)
  }
}

/**
 * Appends records; the caller holds the store's lock. What a killed or failed writer left unfinished behind `end` is cut off
 * first, and a failure cuts off what this call wrote.
 */
export function appendJournal(path: string, end: number, records: readonly StateRecord[]): void {
  const fd = openSync(path, 'a', 0o600)
  try {
    if (fstatSync(fd).size > end) ftruncateSync(fd, end)
    const text = (end === 0 ? HEADER : '') + records.map(formatRecord).join('')
    writeAll(fd, Buffer.from(text, 'latin1'), end)
  } finally {
    closeSync(fd)
  }
}

/** One record as its line. */
export function formatRecord({ host, bdf, region, offset, bytes }: StateRecord): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
  return `${JSON.stringify([host, bdf, region, offset, hex])}\n`
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.slice(0, -1).split('\n')
}

function parseLines(lines: readonly string[], before: number): StateRecord[] {
  if (before === 0 && lines.length > 0 && `${lines[0]}\n` !== HEADER) throw notOurs()
  const first = before === 0 ? 1 : 0
  return lines.slice(first).map((line, at) => parseRecord(line, before + first + at + 1))
}

/** An unfinished last line is what a killed writer leaves; anything else there was not written by tphctl. */
function checkTail(tail: string, linesBefore: number): void {
  if (linesBefore === 0 && !HEADER.startsWith(tail)) throw notOurs()
  if (linesBefore > 0 && tail !== '' && !tail.startsWith('["'.slice(0, tail.length))) {
    throw new CorruptStateError(`line ${linesBefore + 1} is not a record of a change`)
  }
}

function notOurs(): CorruptStateError {
  return new CorruptStateError('its first line is not the one tphctl writes', false)
}

function parseRecord(line: string, number: number): StateRecord {
  const value = parseJson(line)
  if (Array.isArray(value) && value.length === 5) {
    const [host, bdf, region, offset, hex] = value as unknown[]
    if (
      typeof host === 'string' &&
      typeof bdf === 'string' &&
      isRegion(region) &&
      Number.isSafeInteger(offset) &&
      typeof hex === 'string' &&
      /^(?:[0-9a-f]{2})+$/.test(hex)
    ) {
      return { host, bdf, region, offset: offset as number, bytes: Buffer.from(hex, 'hex') }
    }
  }
  throw new CorruptStateError(`line ${number} is not a record of a change`)
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function isRegion(value: unknown): value is StateRecord['region'] {
  return (REGIONS as readonly unknown[]).includes(value)
}

function openExisting(path: string): number | null {
  try {
    return openSync(path, 'r')
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

function writeAll(fd: number, bytes: Buffer, start: number): void {
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(fd, bytes, written)
  } catch (error) {
    ftruncateSync(fd, start)
    throw error
  }
}
