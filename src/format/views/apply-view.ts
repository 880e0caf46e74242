import type { ApplyDevice, ApplyResult } from '../../tph/results.ts'
import { type Column, view } from '../view.ts'
import { controlText } from './control-text.ts'
import { CPUS_SHOWN, cpusText, type Fate, runRows, TONES } from './set-view.ts'

/** A run of entries, the mode, or the whole of a device that is as wanted. */
interface ApplyRow {
  readonly device: string
  readonly result: Fate | 'same'
  readonly index: number | null
  readonly count: number | null
  readonly memoryType: string | null
  /** The CPUs of entries; of the mode what it was to become. */
  readonly value: string | null
  readonly message: string | null
}

const COLUMNS: readonly Column<ApplyRow>[] = [
  { title: 'device', cell: ({ device }) => device },
  {
    title: 'result',
    cell: ({ result }) => result,
    tone: ({ result }) => (result === 'same' ? 'faint' : TONES[result]),
  },
  { title: 'index', cell: ({ index }) => index },
  { title: 'count', cell: ({ count }) => count },
  { title: 'memoryType', cell: ({ memoryType }) => memoryType },
  { title: 'cpus', cell: ({ value }) => value, limit: CPUS_SHOWN },
  { title: 'message', cell: ({ message }) => message },
]

/** How `apply` looks: as `set`, with a row for a mode, and one for a device that was as wanted. */
export const applyView = view<ApplyResult, ApplyRow>({
  items: ({ devices }) => devices,
  rows: ({ devices }) => devices.flatMap(deviceRows),
  columns: COLUMNS,
})

function deviceRows(result: ApplyDevice): ApplyRow[] {
  const { device } = result
  const runs = runRows(result).map(({ fate, run, message }) => {
    const { index, count, memoryType } = run
    return { device, result: fate, index, count, memoryType, value: cpusText(run), message }
  })
  const rows: ApplyRow[] = [...runs, ...modeRows(result)]
  if (rows.length > 0) return rows
  const nothing = { index: null, count: null, memoryType: null, value: null, message: null }
  return [{ device, result: 'same', ...nothing }]
}

function modeRows({ device, control }: ApplyDevice): ApplyRow[] {
  if (control === undefined) return []
  const { fate, wanted, before, message } = control
  const text = `mode ${controlText(before)} -> ${wanted}`
  const none = { index: null, count: null, memoryType: null, value: null }
  return [
    { device, result: fate, ...none, message: message === null ? text : `${text}: ${message}` },
  ]
}
