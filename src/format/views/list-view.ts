import type { DeviceInfo, ListResult } from '../../tph/results.ts'
import { view } from '../view.ts'
import { ownerText } from './owner-text.ts'

/** How `list` looks. */
export const listView = view<ListResult, DeviceInfo>({
  items: ({ devices }) => devices,
  rows: ({ devices }) => devices,
  columns: [
    { title: 'device', cell: ({ device }) => device },
    { title: 'modes', cell: ({ tph }) => tph?.modes.join(',') ?? null },
    { title: 'table', cell: ({ tph }) => tph?.stLocation ?? null },
    { title: 'entries', cell: ({ tph }) => tph?.stEntries ?? null },
    { title: 'driver', cell: ({ driver }) => driver },
    { title: 'node', cell: ({ numaNode }) => numaNode },
    { title: 'owner', cell: ownerText },
  ],
})
