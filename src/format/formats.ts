/** The forms that results are written in. */
export const FORMATS = ['table', 'tsv', 'json', 'ndjson'] as const

/** A form that results are written in. */
export type Format = (typeof FORMATS)[number]
