import type { MemoryType } from '../../args/entry.ts'
import { tagText } from '../../tph/check-tags.ts'
import type { TagResult } from '../../tph/results.ts'
import { view } from '../view.ts'

interface TagRow {
  readonly cpu: number | null
  readonly st: number | null
  readonly memoryType: MemoryType
}

/** How `tag` looks; under `--dry-run` the tags are not known. */
export const tagView = view<TagResult, TagRow>({
  items: ({ device, tags, planned }) => (planned ?? tags).map((one) => ({ device, ...one })),
  rows: ({ tags, planned }) =>
    planned?.map(({ cpus: [cpu = null], memoryType }) => ({ cpu, st: null, memoryType })) ?? tags,
  columns: [
    { title: 'cpu', cell: ({ cpu }) => cpu },
    { title: 'st', cell: ({ st }) => (st === null ? null : tagText(st)) },
    { title: 'memoryType', cell: ({ memoryType }) => memoryType },
  ],
})
