import { cellText } from './cell.ts'
import type { Paint } from './style.ts'
import type { View } from './view.ts'

/** Aligned columns under a heading, for a person. */
export function renderTable<Value>(view: View<Value>, value: Value, paint: Paint): string {
  const rows = [...view.rows(value)]
  const cells = rows.map((row) =>
    view.columns.map(({ cell, limit }) => shorten(cellText(cell(row)), limit)),
  )
  const titles = view.columns.map(({ title }) => titleText(title))
  const heading = view.heading ?? true
  const shown = heading ? [titles, ...cells] : cells
  const widths = titles.map((_, i) => Math.max(0, ...shown.map((line) => line[i]?.length ?? 0)))
  const lines = cells.map((line, y) =>
    alignLine(line, widths, (text, x) => {
      const row = rows[y]
      return paint(
        view.columns[x]?.tone?.(row) ?? (x === 0 && !heading ? 'heading' : 'plain'),
        text,
      )
    }),
  )
  if (heading) lines.unshift(alignLine(titles, widths, (text) => paint('heading', text)))
  return lines.map((line) => `${line}\n`).join('')
}

function shorten(text: string, limit = Number.POSITIVE_INFINITY): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`
}

/** Values separated by tabs, without a heading, for a program: its lines. */
export function* tsvLines<Value>(view: View<Value>, value: Value): Generator<string> {
  for (const row of view.rows(value)) {
    yield `${view.columns.map(({ cell }) => cellText(cell(row))).join('\t')}\n`
  }
}

/** Pads all cells but the last, outside of their colour. */
function alignLine(
  cells: readonly string[],
  widths: readonly number[],
  paint: (text: string, column: number) => string,
): string {
  const last = cells.length - 1
  return cells
    .map(
      (text, i) => paint(text, i) + (i === last ? '' : ' '.repeat((widths[i] ?? 0) - text.length)),
    )
    .join('  ')
}

/** `memoryType` as `MEMORY-TYPE`. */
function titleText(title: string): string {
  return title.replace(/[A-Z]/g, '-$&').toUpperCase()
}
