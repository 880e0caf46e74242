import { type Change, REGIONS, type Region } from './memory.ts'

/** One change of one emulated function of one host. */
export interface StateRecord extends Change {
  /** The host's key, so that hosts share a file without mixing. */
  readonly host: string
  readonly bdf: string
}

const HEADER = /^\{"tphctl":"mock state","version":1,"id":"([0-9a-f]{16})"\}\n$/

/** A first line; what begins with another is not ours to touch. @param id 16 hexadecimal digits that no other file has */
export function formatHeader(id: string): string {
  return `${JSON.stringify({ tphctl: 'mock state', version: 1, id })}\n`
}

const SOME_HEADER = formatHeader('0'.repeat(16))

/** Every header is this long. */
export const HEADER_LENGTH = SOME_HEADER.length

/** The id in the header that a file begins with; empty when it begins with none, or not yet with a whole one. */
export function fileIdOf(start: string): string {
  return HEADER.exec(start)?.[1] ?? ''
}

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

/** One record as its line. */
export function formatRecord(record: StateRecord): string {
  return formatUpdate(record.host, record.bdf, [record])
}

/** All changes that one update made to a function, as one line, so that they are seen together or not at all. */
export function formatUpdate(host: string, bdf: string, changes: readonly Change[]): string {
  const words = changes.flatMap(({ region, offset, bytes }) => [
    region,
    offset,
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex'),
  ])
  return `${JSON.stringify([host, bdf, ...words])}\n`
}

/** The lines of a text that ends with a newline. */
export function splitLines(text: string): string[] {
  return text === '' ? [] : text.slice(0, -1).split('\n')
}

/**
 * The records in lines of the file, the first of which must be the header when none came before.
 *
 * @param before how many lines of the file came before
 * @throws CorruptStateError naming the line
 */
export function parseLines(lines: readonly string[], before: number): StateRecord[] {
  if (before === 0 && lines.length > 0 && !HEADER.test(`${lines[0]}\n`)) throw notOurs()
  const first = before === 0 ? 1 : 0
  return lines.slice(first).flatMap((line, at) => parseRecords(line, before + first + at + 1))
}

/**
 * An unfinished last line is what a killed writer leaves; anything else there was not written by tphctl.
 *
 * @throws CorruptStateError
 */
export function checkTail(tail: string, linesBefore: number): void {
  if (linesBefore === 0 && !isStartOfHeader(tail)) throw notOurs()
  if (linesBefore > 0 && tail !== '' && !tail.startsWith('["'.slice(0, tail.length))) {
    throw new CorruptStateError(`line ${linesBefore + 1} is not a record of a change`)
  }
}

/** Completed by the rest of any header, the start of a header is one. */
function isStartOfHeader(text: string): boolean {
  return HEADER.test(text + SOME_HEADER.slice(text.length))
}

function notOurs(): CorruptStateError {
  return new CorruptStateError('its first line is not the one tphctl writes', false)
}

function parseRecords(line: string, number: number): StateRecord[] {
  const value = parseJson(line)
  if (Array.isArray(value) && value.length >= 5 && value.length % 3 === 2) {
    const [host, bdf, ...words] = value as unknown[]
    const changes = Array.from({ length: words.length / 3 }, (_, i) =>
      parseChange(words.slice(3 * i)),
    )
    if (
      typeof host === 'string' &&
      typeof bdf === 'string' &&
      changes.every((one) => one !== null)
    ) {
      return changes.map((change) => ({ host, bdf, ...change }))
    }
  }
  throw new CorruptStateError(`line ${number} is not a record of a change`)
}

function parseChange([region, offset, hex]: readonly unknown[]): Change | null {
  if (!isRegion(region) || !Number.isSafeInteger(offset)) return null
  if (typeof hex !== 'string' || !/^(?:[0-9a-f]{2})+$/.test(hex)) return null
  return { region, offset: offset as number, bytes: Buffer.from(hex, 'hex') }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function isRegion(value: unknown): value is Region {
  return (REGIONS as readonly unknown[]).includes(value)
}
