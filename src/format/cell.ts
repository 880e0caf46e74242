import { escapeUnseen } from '../args/quote.ts'

/** A value as a cell of a table: `-` for what is not known or not there, no control characters. */
export function cellText(value: string | number | boolean | null): string {
  if (value === null || value === '') return '-'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return escapeUnseen(String(value))
}
