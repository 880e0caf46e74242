import type { GatherResult } from '../../tph/doctor-results.ts'
import { view } from '../view.ts'

/** How `gather` looks: what the bundle holds. */
export const gatherView = view<GatherResult, GatherResult['items'][number]>({
  items: ({ device, items }) => items.map((item) => ({ device, ...item })),
  rows: ({ items }) => items,
  columns: [
    { title: 'kind', cell: ({ kind }) => kind },
    { title: 'path', cell: ({ path }) => path },
    { title: 'detail', cell: ({ detail }) => detail },
  ],
})
