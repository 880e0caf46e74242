import { tagText } from '../../tph/check-tags.ts'
import type { EntryInfo, GetResult } from '../../tph/results.ts'
import { view } from '../view.ts'

/** How `get` looks. */
export const getView = view<GetResult, EntryInfo>({
  items: ({ device, entries }) => entries.map((entry) => ({ device, ...entry })),
  rows: ({ entries }) => entries,
  columns: [
    { title: 'index', cell: ({ index }) => index },
    {
      title: 'st',
      cell: ({ st }) => tagText(st),
      tone: ({ st }) => (st === 0 ? 'faint' : 'plain'),
    },
    { title: 'cpu', cell: ({ cpu }) => cpu },
    { title: 'memoryType', cell: ({ memoryType }) => memoryType },
  ],
})
