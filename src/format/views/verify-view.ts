import { tagText } from '../../tph/check-tags.ts'
import type { DifferingEntry, VerifyResult } from '../../tph/results.ts'
import type { Tone } from '../style.ts'
import { view } from '../view.ts'

interface VerifyRow extends Partial<DifferingEntry> {
  readonly device: string
  readonly state: VerifyResult['state']
  readonly reason: string | null
}

const TONES: Readonly<Record<VerifyResult['state'], Tone>> = {
  same: 'good',
  different: 'bad',
  waiting: 'faint',
  inactive: 'faint',
  unknown: 'faint',
}

/** How `verify` looks: a row for each entry that differs, or one for the device. */
export const verifyView = view<VerifyResult, VerifyRow>({
  items: (value) => [value],
  rows({ device, state, reason, differences }) {
    if (differences.length === 0) return [{ device, state, reason }]
    return differences.map((entry) => ({ device, state, reason, ...entry }))
  },
  columns: [
    { title: 'device', cell: ({ device }) => device },
    { title: 'state', cell: ({ state }) => state, tone: ({ state }) => TONES[state] },
    { title: 'index', cell: ({ index }) => index ?? null },
    { title: 'st', cell: ({ st }) => (st === undefined ? null : tagText(st)) },
    {
      title: 'hardware',
      cell: ({ hardware }) => (hardware === undefined ? null : tagText(hardware)),
    },
    { title: 'reason', cell: ({ reason }) => reason },
  ],
})
