import type { CheckInfo, DoctorResult } from '../../tph/doctor-results.ts'
import { cellText } from '../cell.ts'
import type { Paint, Tone } from '../style.ts'
import { view } from '../view.ts'
import { wrap } from '../wrap.ts'

const TONES: Readonly<Record<CheckInfo['state'], Tone>> = {
  ok: 'good',
  problem: 'bad',
  unknown: 'faint',
}

const WIDTH = 80
const STATE_WIDTH = 'problem'.length
/** Where evidence and fix begin. */
const INDENT = 2 + STATE_WIDTH + 2

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
  report: ({ checks }, paint) =>
    checks.map((check, i) => heading(check, checks[i - 1], paint) + lines(check, paint)).join(''),
})

/** The subject, above the first of its checks. */
function heading({ subject }: CheckInfo, before: CheckInfo | undefined, paint: Paint): string {
  return subject === before?.subject ? '' : `${paint('heading', subject)}\n`
}

function lines({ id, state, evidence, fix }: CheckInfo, paint: Paint): string {
  const mark = paint(TONES[state], state) + ' '.repeat(STATE_WIDTH - state.length)
  const found = `  ${mark}  ${wrap(cellText(`${id}: ${evidence}`), INDENT, WIDTH)}\n`
  return fix === null
    ? found
    : `${found}${' '.repeat(INDENT)}${wrap(cellText(`fix: ${fix}`), INDENT, WIDTH)}\n`
}
