import { UsageError } from '../errors.ts'
import { type Bdf, parseBdf } from './bdf.ts'
import { bdfNumber, NO_BDF } from './bdf-number.ts'
import { scanWords, type TakeWord, wordText } from './byte-words.ts'
import { type Entry, parseEntry } from './entry.ts'
import { EntryBudget } from './entry-budget.ts'
import { EntryList } from './entry-list.ts'
import { quote } from './quote.ts'

/** A word of stdin or of a file, and its line number, from 1. */
export interface Token {
  readonly word: string
  readonly line: number
}

/** All ENTRYs of one device, in the order of the text. */
export interface DeviceEntries {
  readonly bdf: Bdf
  readonly entries: readonly Entry[]
}

/** The same where there may be very many. */
export interface DeviceEntryList {
  readonly bdf: Bdf
  readonly entries: EntryList
}

/** Splits text into words, comments left out; see {@link scanWords}. */
export function tokens(text: string): Token[] {
  const found: Token[] = []
  scanWords([utf8(text)], (bytes, start, end, line) => {
    found.push({ word: wordText(bytes, start, end), line })
  })
  return found
}

/**
 * Parses ENTRYs separated by white space.
 * @param pieces UTF-8 text
 * @param source where the text is from, such as `stdin` or a file's name
 * @param entries what they are added to
 * @throws UsageError that starts with `source:line: `, and what reading a piece throws
 */
export function readEntries(
  pieces: Iterable<Uint8Array>,
  source: string,
  entries = new EntryList(),
): EntryList {
  scanWords(pieces, (bytes, start, end, line) => {
    addEntry(entries, source, bytes, start, end, line)
  })
  return entries
}

/**
 * Parses lines `DEVICE ENTRY…`. Lines of one device are merged; devices come in the order they are first named.
 * @param pieces UTF-8 text
 * @param source where the text is from, such as `stdin` or a file's name
 * @throws UsageError that starts with `source:line: `, also for a line that has no ENTRY, and what reading a piece throws
 */
export function readDeviceLines(pieces: Iterable<Uint8Array>, source: string): DeviceEntryList[] {
  const lines = new DeviceLines(source)
  scanWords(pieces, lines.take)
  return lines.finish()
}

/** `readEntries` of a text. @throws UsageError */
export function parseEntryTokens(text: string, source: string): Entry[] {
  return [...readEntries([utf8(text)], source)]
}

/** `readDeviceLines` of a text. @throws UsageError */
export function parseDeviceLines(text: string, source: string): DeviceEntries[] {
  return readDeviceLines([utf8(text)], source).map(({ bdf, entries }) => {
    return { bdf, entries: [...entries] }
  })
}

/** The devices read so far, and the line that is being read. */
class DeviceLines {
  readonly #source: string
  readonly #budget = new EntryBudget()
  readonly #devices = new Map<Bdf, DeviceEntryList>()
  /** The same by number, for addresses that are written as most are. */
  readonly #byNumber = new Map<number, DeviceEntryList>()
  #device: DeviceEntryList | null = null
  #line = 0
  /** The line's DEVICE as written, or how many letters of the address were; null once there is an ENTRY behind it. */
  #bare: string | number | null = null

  constructor(source: string) {
    this.#source = source
  }

  readonly take: TakeWord = (bytes, start, end, line) => {
    if (this.#device === null || line !== this.#line) {
      this.#refuseBare()
      this.#device = this.#deviceOf(bytes, start, end, line)
      this.#line = line
      return
    }
    addEntry(this.#device.entries, this.#source, bytes, start, end, line)
    this.#bare = null
  }

  finish(): DeviceEntryList[] {
    this.#refuseBare()
    return [...this.#devices.values()]
  }

  #deviceOf(bytes: Uint8Array, start: number, end: number, line: number): DeviceEntryList {
    const number = bdfNumber(bytes, start, end)
    const known = this.#byNumber.get(number)
    if (known !== undefined) {
      this.#bare = end - start
      return known
    }
    const word = wordText(bytes, start, end)
    const bdf = locate(() => parseBdf(word), line, this.#source)
    const device = this.#devices.get(bdf) ?? { bdf, entries: new EntryList(this.#budget) }
    this.#devices.set(bdf, device)
    if (number !== NO_BDF) this.#byNumber.set(number, device)
    this.#bare = word
    return device
  }

  #refuseBare(): void {
    if (this.#bare === null || this.#device === null) return
    const { bdf } = this.#device
    const word = typeof this.#bare === 'string' ? this.#bare : bdf.slice(-this.#bare)
    throw new UsageError(
      `${this.#source}:${this.#line}: Cannot parse line ${quote(word)}: expected DEVICE ENTRY… on one line`,
    )
  }
}

function addEntry(
  entries: EntryList,
  source: string,
  bytes: Uint8Array,
  start: number,
  end: number,
  line: number,
): void {
  if (entries.pushPlain(bytes, start, end)) return
  const word = wordText(bytes, start, end)
  locate(() => entries.push(parseEntry(word)), line, source)
}

/** What goes wrong is told with its place. */
function locate<T>(parse: () => T, line: number, source: string): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const details = error.hint === undefined ? {} : { hint: error.hint }
    throw new UsageError(`${source}:${line}: ${error.message}`, details)
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
