import type { ControlResult } from '../../tph/results.ts'
import { view } from '../view.ts'

/** How `enable` and `disable` look. */
export const controlView = view<ControlResult, ControlResult>({
  items: (value) => [value],
  rows: (value) => [value],
  columns: [
    { title: 'device', cell: ({ device }) => device },
    { title: 'changed', cell: ({ changed }) => changed },
    { title: 'mode', cell: ({ control }) => control.mode },
    {
      title: 'requester',
      cell: ({ control }) => control.requester,
      tone: ({ control }) => (control.requester === 'off' ? 'faint' : 'good'),
    },
    {
      title: 'planned',
      cell: ({ planned, plannedCalls }) =>
        plannedCalls?.join(',') ??
        planned?.map((value) => `0x${value.toString(16)}`).join(',') ??
        null,
    },
  ],
})
