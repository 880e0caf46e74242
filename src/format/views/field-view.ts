import type { Column } from '../view.ts'

/** A field and its value: a row of results that are about one thing. */
export interface Field {
  readonly name: string
  readonly value: string | number | boolean | null
}

/** The two columns of such results. */
export const FIELD_COLUMNS: readonly Column<Field>[] = [
  { title: 'field', cell: ({ name }) => name },
  { title: 'value', cell: ({ value }) => value },
]
