import { escapeUnseen } from '../args/quote.ts'
import { type Paint, plainPaint, type Tone } from './style.ts'

/** A stretch of text in one tone. */
export interface Piece {
  readonly tone: Tone
  readonly text: string
}

/** What a text that is not a table is drawn on. */
export interface Canvas {
  readonly paint: Paint
  /** Columns. */
  readonly width: number
}

/** Narrower than this a canvas does not get: a terminal that is wraps by itself. */
const MIN_WIDTH = 40
/** How much deeper the rest of an item stands that did not fit one line. */
const DEEPER = 2

/**
 * Lines of items behind a label, as many on a line as fit; further lines stand below the first item. An item too long for
 * a line is broken between its pieces.
 *
 * @param gap blanks between items
 */
export function flow(
  label: Piece,
  items: readonly (readonly Piece[])[],
  gap: number,
  canvas: Canvas,
): string {
  const writer = new LineWriter(label, canvas)
  for (const item of items) {
    if (!writer.fits(item, gap)) writer.breakLine(0)
    else if (writer.hasItems) writer.blanks(gap)
    for (const piece of item) {
      if (!writer.fits([piece], 0)) writer.breakLine(DEEPER)
      writer.write(piece)
    }
  }
  return writer.end()
}

/** A text as words behind a label, in one tone; control characters are escaped. */
export function flowText(label: Piece, text: string, tone: Tone, canvas: Canvas): string {
  const words = escapeUnseen(text).split(' ')
  const items = words.map((word) => [{ tone, text: word }])
  return flow(label, items, 1, canvas)
}

/** A text in lines of at most so many columns. */
export function wrapText(text: string, width: number): string {
  const canvas = { paint: plainPaint, width }
  return flowText({ tone: 'plain', text: '' }, text, 'plain', canvas)
}

class LineWriter {
  readonly #indent: number
  readonly #width: number
  readonly #paint: Paint
  #text: string
  #column: number
  #start: number
  /** Blanks to write before what follows on the same line. */
  #pending = 0

  constructor(label: Piece, { paint, width }: Canvas) {
    this.#indent = label.text.length
    this.#width = Math.max(width, MIN_WIDTH)
    this.#paint = paint
    const text = label.text.trimEnd()
    this.#text = paint(label.tone, text)
    this.#column = text.length
    this.#start = this.#indent
    this.#pending = this.#indent - text.length
  }

  get hasItems(): boolean {
    return this.#column > this.#start
  }

  /** Whether the pieces fit the rest of the line; on an empty line everything has to. */
  fits(pieces: readonly Piece[], gap: number): boolean {
    if (!this.hasItems) return true
    const text = pieces.map((piece) => piece.text).join('')
    return this.#column + this.#pending + gap + text.trimEnd().length <= this.#width
  }

  write({ tone, text }: Piece): void {
    const body = text.trimEnd()
    this.#text += ' '.repeat(this.#pending) + this.#paint(tone, body)
    this.#column += this.#pending + body.length
    this.#pending = text.length - body.length
  }

  blanks(count: number): void {
    this.#pending += count
  }

  breakLine(deeper: number): void {
    this.#pending = 0
    this.#start = this.#column = this.#indent + deeper
    this.#text += `\n${' '.repeat(this.#column)}`
  }

  end(): string {
    return `${this.#text}\n`
  }
}
