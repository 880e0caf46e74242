import type { ApplyResult } from '../../desired/results.ts'
import { view } from '../view.ts'
import { SET_COLUMNS, type SetRow, setRows } from './set-view.ts'

/** How `apply` looks: as `set`, with a row for each device that was as wanted. */
export const applyView = view<ApplyResult, SetRow>({
  items: ({ devices }) => devices,
  rows: ({ devices }) =>
    devices.flatMap((value): SetRow[] => {
      const rows = setRows(value)
      if (rows.length > 0) return rows
      return [{ device: value.device, result: 'same', run: null, message: null }]
    }),
  columns: SET_COLUMNS,
})
