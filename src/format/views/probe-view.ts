import type { ProbeResult } from '../../tph/results.ts'
import { view } from '../view.ts'

/** How `probe` looks. */
export const probeView = view<ProbeResult, ProbeResult>({
  items: (value) => [value],
  rows: (value) => [value],
  columns: [
    { title: 'device', cell: ({ device }) => device },
    {
      title: 'supported',
      cell: ({ supported }) => supported,
      tone: ({ supported }) => (supported ? 'good' : 'bad'),
    },
    { title: 'get', cell: ({ get }) => get },
    { title: 'set', cell: ({ set }) => set },
    {
      // Where another interface was found than the one that has an index, its name.
      title: 'featureIndex',
      cell: ({ featureIndex, abi }) => (abi === null || abi === 'tph-st' ? featureIndex : abi),
    },
    { title: 'reason', cell: ({ reason }) => reason },
  ],
})
