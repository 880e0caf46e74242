import { jsonText } from '../args/quote.ts'
import type { Canvas } from './flow.ts'
import type { Format } from './formats.ts'
import type { Result } from './result.ts'
import { renderTable, tsvLines } from './table.ts'
import type { View } from './view.ts'
import { viewOf } from './views.ts'

/** What is said about a result beside its value. */
export interface Frame extends Canvas, BatchFrame {
  /** The backend the result came from; null when none was asked. */
  readonly backend: string | null
}

/** How a result within a batch is written. */
export interface BatchFrame {
  /** The line of the batch; each element of ndjson then names it. */
  readonly line?: number
  /** Whether json is one line. */
  readonly oneLine?: boolean
}

const SCHEMA_VERSION = 1

/** Characters that are written at a time, so that of a long result not all has to be there. */
const PIECE = 65_536

type Renderer = <Value extends object>(
  view: View<Value>,
  value: Value,
  frame: Frame,
) => string | Iterable<string>

const renderers: Readonly<Record<Exclude<Format, 'json'>, Renderer>> = {
  table: (view, value, frame) =>
    view.text?.(value, frame) ??
    view.report?.(value, frame.paint) ??
    renderTable(view, value, frame.paint),
  tsv: (view, value, frame) => view.text?.(value, frame) ?? tsvLines(view, value),
  *ndjson(view, value, { line }) {
    for (const item of view.items(value)) {
      yield `${jsonText(line === undefined ? item : { line, ...item })}\n`
    }
  },
}

/** A result as text in one of the forms, ready for stdout, in pieces. */
export async function render(
  result: Result,
  format: Format,
  frame: Frame,
): Promise<Iterable<string>> {
  if (format === 'json') return [jsonDocument(result.value, frame)]
  const text = renderers[format](await viewOf(result), result.value, frame)
  return typeof text === 'string' ? [text] : gathered(text)
}

function* gathered(lines: Iterable<string>): Generator<string> {
  let text = ''
  for (const line of lines) {
    text += line
    if (text.length < PIECE) continue
    yield text
    text = ''
  }
  yield text
}

/** A result as one json document, which is the same for all kinds. */
export function jsonDocument(
  value: object,
  { backend, oneLine }: Pick<Frame, 'backend' | 'oneLine'>,
): string {
  const frame = { schemaVersion: SCHEMA_VERSION, ...(backend === null ? {} : { backend }) }
  return `${jsonText({ ...frame, ...value }, oneLine ? 0 : 2)}\n`
}
