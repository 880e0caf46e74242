import { formatEntries } from '../../args/format-entries.ts'
import type { PlannedEntry, PlanResult } from '../../tph/plan-results.ts'
import { view } from '../view.ts'

/** How `plan` looks: ENTRYs, one a line, unless it is asked for as data. */
export const planView = view<PlanResult, PlannedEntry>({
  items: ({ device, entries }) => entries.map((entry) => ({ device, ...entry })),
  rows: () => [],
  columns: [],
  text: ({ entries }) =>
    formatEntries(entries)
      .map((word) => `${word}\n`)
      .join(''),
})
