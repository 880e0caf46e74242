import { cutBehind } from '../pieces.ts'

/** Where a word lies in bytes that are handed out for one call only, and on which line of the text, from 1. */
export type TakeWord = (bytes: Uint8Array, start: number, end: number, line: number) => void

const NEWLINE = 0x0a
const HASH = 0x23

/**
 * Finds the words of UTF-8 text in one pass, however it is cut into pieces: what is between white space (space, tab, newline,
 * carriage return, form feed). `#` at the start of a word begins a comment that ends with the line; inside a word it is a
 * character like any other, so `0=1#x` stays one (wrong) word.
 *
 * All pieces are read even where `take` throws, so that what is wrong with the text as a whole is told first.
 *
 * @throws what `take` threw first, after which it is not called again
 */
export function scanWords(pieces: Iterable<Uint8Array>, take: TakeWord): void {
  const scanner = new WordScanner(take)
  let failure: { readonly error: unknown } | null = null
  for (const bytes of cutBehind(isSpace, pieces)) {
    if (failure !== null) continue
    try {
      scanner.scan(bytes)
    } catch (error) {
      failure = { error }
    }
  }
  if (failure !== null) throw failure.error
}

/** Hot: it sees every byte of standard input. */
class WordScanner {
  readonly #take: TakeWord
  #line = 1
  #inComment = false

  constructor(take: TakeWord) {
    this.#take = take
  }

  /** @param bytes behind whose end no word goes on */
  scan(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const code = bytes[at] ?? 0
      if (this.#inComment) {
        const newline = bytes.indexOf(NEWLINE, at)
        if (newline < 0) return
        this.#inComment = false
        at = newline
      } else if (isSpace(code)) {
        if (code === NEWLINE) this.#line++
        at++
      } else if (code === HASH) {
        this.#inComment = true
      } else {
        const end = endOfWord(bytes, at)
        this.#take(bytes, at, end, this.#line)
        at = end
      }
    }
  }
}

function endOfWord(bytes: Uint8Array, at: number): number {
  let end = at
  while (end < bytes.length && !isSpace(bytes[end] ?? 0)) end++
  return end
}

function isSpace(code: number): boolean {
  return (
    code <= 0x20 &&
    (code === 0x20 || code === NEWLINE || code === 0x09 || code === 0x0d || code === 0x0c)
  )
}

/** A word as text. A byte order mark within it is a character. */
export function wordText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at++) {
    const code = bytes[at] ?? 0
    if (code > 0x7f)
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start, end))
    text += String.fromCharCode(code)
  }
  return text
}
