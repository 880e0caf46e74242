import type { Canvas } from './flow.ts'
import type { Format } from './formats.ts'
import type { Result, ResultKind } from './result.ts'
import { renderTable, renderTsv } from './table.ts'
import type { View } from './view.ts'
import { applyView } from './views/apply-view.ts'
import { batchLineView, batchView } from './views/batch-view.ts'
import { controlView } from './views/control-view.ts'
import { differenceView } from './views/difference-view.ts'
import { doctorView } from './views/doctor-view.ts'
import { exportView } from './views/export-view.ts'
import { gatherView } from './views/gather-view.ts'
import { getView } from './views/get-view.ts'
import { infoView } from './views/info-view.ts'
import { listView } from './views/list-view.ts'
import { mapView } from './views/map-view.ts'
import { metricsView } from './views/metrics-view.ts'
import { completionView, hexdumpView, mockResetView, versionView } from './views/plain-views.ts'
import { planView } from './views/plan-view.ts'
import { probeView } from './views/probe-view.ts'
import { setsView, setView } from './views/set-view.ts'
import { tagView } from './views/tag-view.ts'
import { verifyView } from './views/verify-view.ts'

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

const views: { readonly [K in ResultKind]: View<Extract<Result, { kind: K }>['value']> } = {
  list: listView,
  info: infoView,
  hexdump: hexdumpView,
  probe: probeView,
  get: getView,
  set: setView,
  sets: setsView,
  apply: applyView,
  difference: differenceView,
  export: exportView,
  metrics: metricsView,
  control: controlView,
  plan: planView,
  tag: tagView,
  verify: verifyView,
  completion: completionView,
  batch: batchView,
  batchLine: batchLineView,
  map: mapView,
  doctor: doctorView,
  gather: gatherView,
  mockReset: mockResetView,
  version: versionView,
}

type Renderer = <Value extends object>(view: View<Value>, value: Value, frame: Frame) => string

const renderers: Readonly<Record<Format, Renderer>> = {
  table: (view, value, frame) =>
    view.text?.(value, frame) ??
    view.report?.(value, frame.paint) ??
    renderTable(view, value, frame.paint),
  tsv: (view, value, frame) => view.text?.(value, frame) ?? renderTsv(view, value),
  json: (_, value, { backend, oneLine }) => {
    const frame = { schemaVersion: SCHEMA_VERSION, ...(backend === null ? {} : { backend }) }
    return `${JSON.stringify({ ...frame, ...value }, null, oneLine ? 0 : 2)}\n`
  },
  ndjson: (view, value, { line }) =>
    view
      .items(value)
      .map((item) => `${JSON.stringify(line === undefined ? item : { line, ...item })}\n`)
      .join(''),
}

/** A result as text in one of the forms, ready for stdout. */
export function render(result: Result, format: Format, frame: Frame): string {
  const view = views[result.kind] as View<Result['value']>
  return renderers[format](view, result.value, frame)
}
