import type { Result, ResultKind } from './result.ts'
import type { View } from './view.ts'

type ValueOf<K extends ResultKind> = Extract<Result, { kind: K }>['value']

const views: { readonly [K in ResultKind]: () => Promise<View<ValueOf<K>>> } = {
  list: async () => (await import('./views/list-view.ts')).listView,
  info: async () => (await import('./views/info-view.ts')).infoView,
  hexdump: async () => (await import('./views/plain-views.ts')).hexdumpView,
  probe: async () => (await import('./views/probe-view.ts')).probeView,
  get: async () => (await import('./views/get-view.ts')).getView,
  set: async () => (await import('./views/set-view.ts')).setView,
  sets: async () => (await import('./views/set-view.ts')).setsView,
  apply: async () => (await import('./views/apply-view.ts')).applyView,
  difference: async () => (await import('./views/difference-view.ts')).differenceView,
  export: async () => (await import('./views/export-view.ts')).exportView,
  metrics: async () => (await import('./views/metrics-view.ts')).metricsView,
  control: async () => (await import('./views/control-view.ts')).controlView,
  plan: async () => (await import('./views/plan-view.ts')).planView,
  tag: async () => (await import('./views/tag-view.ts')).tagView,
  verify: async () => (await import('./views/verify-view.ts')).verifyView,
  completion: async () => (await import('./views/plain-views.ts')).completionView,
  batch: async () => (await import('./views/batch-view.ts')).batchView,
  batchLine: async () => (await import('./views/batch-view.ts')).batchLineView,
  map: async () => (await import('./views/map-view.ts')).mapView,
  doctor: async () => (await import('./views/doctor-view.ts')).doctorView,
  gather: async () => (await import('./views/gather-view.ts')).gatherView,
  mockReset: async () => (await import('./views/plain-views.ts')).mockResetView,
  version: async () => (await import('./views/plain-views.ts')).versionView,
}

/** How a kind of result looks; the module of that kind alone is loaded. */
export async function viewOf({ kind }: Result): Promise<View<Result['value']>> {
  return (await views[kind]()) as View<Result['value']>
}
