import type { Canvas } from './flow.ts'
import type { Paint, Tone } from './style.ts'

/** A column of the table and tsv forms. */
export interface Column<Row> {
  /** Its heading; short, so that lines fit a terminal of 80 columns. */
  readonly title: string
  /** The cell; null is shown as `-`. */
  cell(row: Row): string | number | boolean | null
  /** How many characters of it a table shows; tsv shows all. */
  readonly limit?: number
  /** How the cell is coloured on a terminal. */
  tone?(row: Row): Tone
}

/** How a kind of result looks in every form. */
export interface View<Value, Row = unknown> {
  /** The elements that ndjson writes one a line. */
  items(value: Value): readonly object[]
  /** One after the other, since there may be very many. */
  rows(value: Value): Iterable<Row>
  readonly columns: readonly Column<Row>[]
  /** False for lists of a field and its value, which need no heading. */
  readonly heading?: boolean
  /** The whole output in its own form, for what is no table. */
  text?(value: Value, canvas: Canvas): string
  /** What a person sees instead of a table, where lines would be too long for one. */
  report?(value: Value, paint: Paint): string
}

/** A view whose rows are the same in all its columns. */
export function view<Value, Row>(definition: View<Value, Row>): View<Value> {
  return definition as View<Value>
}
