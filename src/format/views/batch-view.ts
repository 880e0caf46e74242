import type { BatchResult, LineResult } from '../batch-result.ts'
import { type Column, view } from '../view.ts'

const COLUMNS: readonly Column<LineResult>[] = [
  { title: 'line', cell: ({ line }) => line },
  { title: 'command', cell: ({ command }) => command },
  { title: 'exitCode', cell: ({ exitCode }) => exitCode },
  { title: 'message', cell: ({ error }) => error?.message ?? null },
]

/** How a batch looks as a whole; only json shows it so, the other forms show the result of each line. */
export const batchView = view<BatchResult, LineResult>({
  items: ({ lines }) => lines,
  rows: ({ lines }) => lines,
  columns: COLUMNS,
})

/** How `batch --serve` answers a line in json and ndjson. */
export const batchLineView = view<LineResult, LineResult>({
  items: (value) => [value],
  rows: (value) => [value],
  columns: COLUMNS,
})
