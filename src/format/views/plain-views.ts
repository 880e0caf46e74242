import type { HexdumpResult } from '../../tph/hexdump.ts'
import type { CompletionResult, MockResetResult, VersionResult } from '../result.ts'
import { view } from '../view.ts'
import { FIELD_COLUMNS, type Field } from './field-view.ts'

/** How `info --hexdump` looks: lspci's own form. */
export const hexdumpView = view<HexdumpResult, Field>({
  items: (value) => [value],
  rows: () => [],
  columns: FIELD_COLUMNS,
  text: ({ hexdump }) => hexdump,
})

/** How `completion` looks: the script itself. */
export const completionView = view<CompletionResult, Field>({
  items: (value) => [value],
  rows: () => [],
  columns: FIELD_COLUMNS,
  text: ({ script }) => script,
})

/** How `mock reset` looks. */
export const mockResetView = view<MockResetResult, Field>({
  items: (value) => [value],
  rows: ({ state, reset }) => [
    { name: 'state', value: state },
    { name: 'reset', value: reset },
  ],
  columns: FIELD_COLUMNS,
  heading: false,
})

/** How `version` looks. */
export const versionView = view<VersionResult, Field>({
  items: (value) => [value],
  rows: ({ version, abi }) => [
    { name: 'version', value: version },
    ...Object.entries(abi).map(([name, value]) => ({ name, value })),
  ],
  columns: FIELD_COLUMNS,
  heading: false,
})
