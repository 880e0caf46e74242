import type { CheckInfo, DoctorResult } from '../../tph/results.ts'
import type { Tone } from '../style.ts'
import { view } from '../view.ts'

const TONES: Readonly<Record<CheckInfo['state'], Tone>> = {
  ok: 'good',
  problem: 'bad',
  unknown: 'faint',
}

/** How `doctor` looks. */
export const doctorView = view<DoctorResult, CheckInfo>({
  items: ({ checks }) => checks,
  rows: ({ checks }) => checks,
  columns: [
    { title: 'subject', cell: ({ subject }) => subject },
    { title: 'check', cell: ({ id }) => id },
    { title: 'state', cell: ({ state }) => state, tone: ({ state }) => TONES[state] },
    { title: 'evidence', cell: ({ evidence }) => evidence },
    { title: 'fix', cell: ({ fix }) => fix },
  ],
})
