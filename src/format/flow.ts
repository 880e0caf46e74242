import type { Paint, Tone } from './style.ts'

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

class LineWriter {
  readonly #indent: number
  readonly #width: number
  readonly #paint: Paint
  #text: string
  #column: number
  #start: number

  constructor(label: Piece, { paint, width }: Canvas) {
    this.#indent = label.text.length
    this.#width = Math.max(width, MIN_WIDTH)
    this.#paint = paint
    this.#text = paint(label.tone, label.text)
    this.#column = this.#start = this.#indent
  }

  get hasItems(): boolean {
    return this.#column > this.#start
  }

  /** Whether the pieces fit the rest of the line; on an empty line everything has to. */
  fits(pieces: readonly Piece[], gap: number): boolean {
    if (!this.hasItems) return true
    const length = pieces.reduce((sum, { text }) => sum + text.trimEnd().length, 0)
    return this.#column + gap + length <= this.#width
  }

  write({ tone, text }: Piece): void {
    this.#text += this.#paint(tone, text)
    this.#column += text.length
  }

  blanks(count: number): void {
    this.#text += ' '.repeat(count)
    this.#column += count
  }

  breakLine(deeper: number): void {
    this.#start = this.#column = this.#indent + deeper
    this.#text += `\n${' '.repeat(this.#column)}`
  }

  end(): string {
    return `${this.#text}\n`
  }
}
