import { formatCpus } from '../../args/cpu-list.ts'
import type { FailedRun, RunInfo, SetResult, SetResults } from '../../tph/results.ts'
import type { Tone } from '../style.ts'
import { type Column, view } from '../view.ts'

/** What can become of a run. */
export type Fate = 'applied' | 'restored' | 'failed' | 'skipped' | 'planned'

/** A row of what became of a device: a run of its entries. */
export interface RunRow {
  readonly device: string
  readonly fate: Fate
  readonly run: RunInfo
  readonly message: string | null
}

const FATES: readonly Fate[] = ['applied', 'restored', 'failed', 'skipped', 'planned']

/** How each is coloured. */
export const TONES: Readonly<Record<Fate, Tone>> = {
  applied: 'good',
  restored: 'plain',
  failed: 'bad',
  skipped: 'faint',
  planned: 'plain',
}

/** How much of a list of CPUs a table shows. */
export const CPUS_SHOWN = 20

const COLUMNS: readonly Column<RunRow>[] = [
  { title: 'device', cell: ({ device }) => device },
  { title: 'result', cell: ({ fate }) => fate, tone: ({ fate }) => TONES[fate] },
  { title: 'index', cell: ({ run }) => run.index },
  { title: 'count', cell: ({ run }) => run.count },
  { title: 'memoryType', cell: ({ run }) => run.memoryType },
  { title: 'cpus', cell: ({ run }) => cpusText(run), limit: CPUS_SHOWN },
  { title: 'message', cell: ({ message }) => message },
]

/** How `set`, `clear` and `undo` of one device look. */
export const setView = view<SetResult, RunRow>({
  items: (value) => [value],
  rows: runRows,
  columns: COLUMNS,
})

/** How they look for several devices. */
export const setsView = view<SetResults, RunRow>({
  items: ({ devices }) => devices,
  rows: ({ devices }) => devices.flatMap(runRows),
  columns: COLUMNS,
})

/** One CPU for all is written once, as in an ENTRY. */
export function cpusText({ cpus }: RunInfo): string {
  const [first = null] = cpus
  return formatCpus(cpus.every((cpu) => cpu === first) ? [first] : cpus)
}

/** What became of a device's entries, a row for each run. */
export function runRows(result: SetResult): RunRow[] {
  return FATES.flatMap((fate) =>
    (result[fate] ?? []).map((run) => ({
      device: result.device,
      fate,
      run,
      message: (run as Partial<FailedRun>).message ?? null,
    })),
  )
}
