import { formatCpus } from '../../args/cpu-list.ts'
import type { FailedRun, RunInfo, SetResult, SetResults } from '../../tph/results.ts'
import type { Tone } from '../style.ts'
import { type Column, view } from '../view.ts'
import { controlText } from './control-text.ts'

type Fate = 'applied' | 'restored' | 'failed' | 'skipped' | 'planned'

/** What became of a run of entries, of the mode, or of a device to which nothing was to be done. */
export interface SetRow {
  readonly device: string
  readonly result: Fate | 'same'
  /** Null for what is no run. */
  readonly run: RunInfo | null
  readonly message: string | null
}

const FATES: readonly Fate[] = ['applied', 'restored', 'failed', 'skipped', 'planned']

const TONES: Readonly<Record<SetRow['result'], Tone>> = {
  applied: 'good',
  restored: 'plain',
  failed: 'bad',
  skipped: 'faint',
  planned: 'plain',
  same: 'faint',
}

/** How much of a list of CPUs a table shows. */
const CPUS_SHOWN = 20

/** The columns of all commands that change entries. */
export const SET_COLUMNS: readonly Column<SetRow>[] = [
  { title: 'device', cell: ({ device }) => device },
  { title: 'result', cell: ({ result }) => result, tone: ({ result }) => TONES[result] },
  { title: 'index', cell: ({ run }) => run?.index ?? null },
  { title: 'count', cell: ({ run }) => run?.count ?? null },
  { title: 'memoryType', cell: ({ run }) => run?.memoryType ?? null },
  { title: 'cpus', cell: ({ run }) => (run === null ? null : cpusText(run)), limit: CPUS_SHOWN },
  { title: 'message', cell: ({ message }) => message },
]

/** How `set`, `clear` and `undo` of one device look. */
export const setView = view<SetResult, SetRow>({
  items: (value) => [value],
  rows: setRows,
  columns: SET_COLUMNS,
})

/** How they look for several devices. */
export const setsView = view<SetResults, SetRow>({
  items: ({ devices }) => devices,
  *rows({ devices }) {
    for (const device of devices) yield* setRows(device)
  },
  columns: SET_COLUMNS,
})

/** One CPU for all is written once, as in an ENTRY. */
function cpusText({ cpus }: RunInfo): string {
  const [first = null] = cpus
  return formatCpus(cpus.every((cpu) => cpu === first) ? [first] : cpus)
}

/** What became of a device, a row for each run of entries and one for the mode. */
export function setRows(value: SetResult): SetRow[] {
  const { device } = value
  const runs = FATES.flatMap((result) =>
    (value[result] ?? []).map((run) => {
      return { device, result, run, message: (run as Partial<FailedRun>).message ?? null }
    }),
  )
  return [...runs, ...modeRows(value)]
}

function modeRows({ device, control }: SetResult): SetRow[] {
  if (control === undefined) return []
  const { fate, wanted, before, message: why } = control
  const what = `mode ${controlText(before)} -> ${wanted}`
  return [{ device, result: fate, run: null, message: why === null ? what : `${what}: ${why}` }]
}
