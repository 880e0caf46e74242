import { UsageError } from '../errors.ts'
import { type Bdf, parseBdf } from './bdf.ts'
import { type Entry, parseEntry } from './entry.ts'
import { quote } from './quote.ts'

/** A word of stdin or of a file, and its line number, from 1. */
export interface Token {
  readonly word: string
  readonly line: number
}

/** All ENTRYs of one device, in the order of the text. */
export interface DeviceEntries {
  readonly bdf: Bdf
  readonly entries: Entry[]
}

const NEWLINE = 0x0a
const HASH = 0x23

/**
 * Splits text at white space (space, tab, newline, carriage return, form feed). `#` at the start of a word begins a
 * comment that ends with the line; inside a word it is a character like any other, so `0=1#x` stays one (wrong) word.
 */
export function tokens(text: string): Token[] {
  return [...scan(text)]
}

/**
 * Parses ENTRYs separated by white space.
 * @param source where the text is from, such as `stdin` or a file's name
 * @throws UsageError that starts with `source:line: `
 */
export function parseEntryTokens(text: string, source: string): Entry[] {
  const entries: Entry[] = []
  for (const token of scan(text)) entries.push(locate(parseEntry, token, source))
  return entries
}

/**
 * Parses lines `DEVICE ENTRY…`. Lines of one device are merged; devices come in the order they are first named.
 * @param source where the text is from, such as `stdin` or a file's name
 * @throws UsageError that starts with `source:line: `, also for a line that has no ENTRY
 */
export function parseDeviceLines(text: string, source: string): DeviceEntries[] {
  const devices = new Map<Bdf, Entry[]>()
  let device: Token = { word: '', line: 0 }
  let entries: Entry[] = []
  let bare = false
  for (const token of scan(text)) {
    if (token.line === device.line) {
      entries.push(locate(parseEntry, token, source))
      bare = false
      continue
    }
    if (bare) throw withoutEntry(device, source)
    entries = listOf(devices, locate(parseBdf, token, source))
    device = token
    bare = true
  }
  if (bare) throw withoutEntry(device, source)
  return Array.from(devices, ([bdf, entries]) => ({ bdf, entries }))
}

/** The tokens one by one, in a single pass. */
function* scan(text: string): Generator<Token> {
  let line = 1
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (isSpace(code)) {
      if (code === NEWLINE) line++
      at++
    } else if (code === HASH) {
      at = endOfLine(text, at)
    } else {
      const end = endOfWord(text, at)
      yield { word: text.slice(at, end), line }
      at = end
    }
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === NEWLINE || code === 0x09 || code === 0x0d || code === 0x0c
}

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at)
  return newline < 0 ? text.length : newline
}

function endOfWord(text: string, at: number): number {
  let end = at
  while (end < text.length && !isSpace(text.charCodeAt(end))) end++
  return end
}

function listOf(devices: Map<Bdf, Entry[]>, bdf: Bdf): Entry[] {
  const known = devices.get(bdf)
  if (known !== undefined) return known
  const entries: Entry[] = []
  devices.set(bdf, entries)
  return entries
}

/** Parses a token; what goes wrong is told with its place. */
function locate<T>(parse: (word: string) => T, { word, line }: Token, source: string): T {
  try {
    return parse(word)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const details = error.hint === undefined ? {} : { hint: error.hint }
    throw new UsageError(`${source}:${line}: ${error.message}`, details)
  }
}

function withoutEntry({ word, line }: Token, source: string): UsageError {
  return new UsageError(
    `${source}:${line}: Cannot parse line ${quote(word)}: expected DEVICE ENTRY… on one line`,
  )
}
