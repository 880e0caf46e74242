import { quote } from '../args/quote.ts'
import { UsageError } from '../errors.ts'
import { cutBehind } from '../pieces.ts'
import { ByteImage } from './byte-image.ts'
import { putHexRow } from './hex-row.ts'
import { PCI_CFG_SPACE_EXP_SIZE } from './regs.ts'

/** One function of a dump. */
export interface DumpedFunction {
  /** Lower case, with the domain in 4 hex digits (up to 8 where it needs them). */
  readonly bdf: string
  /** The headline after the address. */
  readonly title: string
  /** Config space from offset 0, as far as the dump has it without a gap; at most 4096 bytes. Functions with the same may share it. */
  readonly bytes: Uint8Array
  /** Line of the headline, from 1. */
  readonly line: number
}

/** What a file of `lspci -x`, `-xxx` or `-xxxx` output holds, in its order. */
export interface LspciDump {
  readonly functions: readonly DumpedFunction[]
  /** What was left out and why, each naming file and line. */
  readonly notes: readonly string[]
}

const NEWLINE = 0x0a

const HEADLINE = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}):([0-9a-f]{2})\.([0-9a-f])(?: |$)/i
const HEX_LINE = /^([0-9a-f]{2,8}):(?: |$)/i
const HEX_BYTE = /^[0-9a-f]{2}$/i

/**
 * Reads what `lspci -F` reads (pciutils lib/dump.c): headlines with or without a domain, lines of bytes
 * with their offset, an empty line behind each function; other lines, such as those of `-v`, are skipped.
 * `source` is the file's name, for messages.
 *
 * @throws UsageError for a malformed line of bytes, bytes at or beyond 4096, an address that cannot be, a
 *   function that comes twice, or no function at all
 */
export function parseLspciDump(text: string, source: string): LspciDump {
  const reader = new DumpReader(source)
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) reader.read(line.replace(/\r$/, ''))
  return reader.finish()
}

/**
 * The same for a file that is read in pieces, of bytes in which every one is a character.
 *
 * @throws as `parseLspciDump`
 */
export function readLspciDump(pieces: Iterable<Uint8Array>, source: string): LspciDump {
  const reader = new DumpReader(source)
  for (const bytes of cutBehind((byte) => byte === NEWLINE, pieces)) reader.readBytes(bytes)
  return reader.finish()
}

/** Writes functions as `lspci -D -xxxx` does; `bdf` goes out as it is. */
export function formatLspciDump(
  functions: Iterable<{ bdf: string; title: string; bytes: Uint8Array }>,
): string {
  const blocks = Array.from(functions, ({ bdf, title, bytes }) => {
    const headline = `${bdf} ${title.replace(/[\r\n]+/g, ' ')}`
    return `${[headline, ...hexLines(bytes)].join('\n')}\n\n`
  })
  return blocks.join('')
}

function hexLines(bytes: Uint8Array): string[] {
  return Array.from({ length: Math.ceil(bytes.length / 16) }, (_, row) => {
    const row16 = Array.from(bytes.subarray(row * 16, row * 16 + 16), (byte) => hex(byte, 2))
    return `${hex(row * 16, 2)}: ${row16.join(' ')}`
  })
}

/** The state of reading: the function whose bytes are being collected, if any. */
class DumpReader {
  readonly #source: string
  readonly #functions: DumpedFunction[] = []
  readonly #notes: string[] = []
  readonly #lineOf = new Map<string, number>()
  readonly #image = new ByteImage(PCI_CFG_SPACE_EXP_SIZE)
  #open: Omit<DumpedFunction, 'bytes'> | null = null
  #strayed = false
  #line = 0

  constructor(source: string) {
    this.#source = source
  }

  read(line: string): void {
    this.#line += 1
    const headline = HEADLINE.exec(line)
    if (line === '') this.#close()
    else if (headline !== null) this.#openFunction(headline, line.slice(headline[0].length))
    else this.#readHexLine(line)
  }

  /** @param bytes whole lines */
  readBytes(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, at)
      const end = newline < 0 ? bytes.length : newline
      if (this.#open !== null && putHexRow(bytes, at, end, this.#image)) this.#line += 1
      else this.read(latin1(bytes.subarray(at, end)).replace(/\r$/, ''))
      at = end + 1
    }
  }

  finish(): LspciDump {
    this.#close()
    if (this.#functions.length === 0) {
      throw new UsageError(`Cannot read ${this.#source}: holds no lspci -x, -xxx or -xxxx dump`)
    }
    return { functions: this.#functions, notes: this.#notes }
  }

  #openFunction([, domain = '0', bus = '', device = '', fn = '']: string[], title: string): void {
    this.#close()
    if (Number.parseInt(device, 16) > 0x1f) throw this.#error(`device number "${device}" above 1f`)
    if (Number.parseInt(fn, 16) > 7) throw this.#error(`function number "${fn}" above 7`)
    const bdf = `${hex(Number.parseInt(domain, 16), 4)}:${bus}:${device}.${fn}`.toLowerCase()
    const earlier = this.#lineOf.get(bdf)
    if (earlier !== undefined) throw this.#error(`${bdf} is already there on line ${earlier}`)
    this.#lineOf.set(bdf, this.#line)
    this.#open = { bdf, title, line: this.#line }
    this.#strayed = false
  }

  #readHexLine(line: string): void {
    const match = HEX_LINE.exec(line)
    if (match === null) return
    const bytes = line.slice(match[0].length).trimEnd()
    if (this.#open === null) this.#stray()
    else if (bytes !== '') this.#readBytes(Number.parseInt(match[1] ?? '', 16), bytes)
  }

  #readBytes(start: number, bytes: string): void {
    for (const [index, word] of bytes.split(' ').entries()) {
      if (!HEX_BYTE.test(word)) throw this.#error(`malformed byte ${quote(word.slice(0, 20))}`)
      const offset = start + index
      if (offset >= this.#image.capacity) throw this.#error('more than 4096 bytes of config space')
      this.#image.put(offset, Number.parseInt(word, 16))
    }
  }

  #close(): void {
    if (this.#open === null) return
    // Of a thousand virtual functions most have the same bytes.
    const { bytes, missing } = this.#image.take(this.#functions.at(-1)?.bytes)
    this.#functions.push({ ...this.#open, bytes })
    if (missing !== null) this.#noteGap(this.#open, missing)
    this.#open = null
  }

  #noteGap({ bdf, line }: { bdf: string; line: number }, [first, last]: readonly number[]): void {
    const range = `0x${hex(first ?? 0, 2)}-0x${hex(last ?? 0, 2)}`
    this.#notes.push(
      `${this.#source}:${line}: ${bdf} lacks bytes ${range}; those after are not used`,
    )
  }

  #stray(): void {
    if (this.#strayed || this.#functions.length === 0) return
    this.#strayed = true
    this.#notes.push(`${this.#source}:${this.#line}: bytes behind an empty line are not used`)
  }

  #error(why: string): UsageError {
    return new UsageError(`Cannot read ${this.#source}:${this.#line}: ${why}`)
  }
}

function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
