import type { Bdf } from '../args/bdf.ts'
import type { CpuSelector, Entry } from '../args/entry.ts'
import type { WantedMode } from '../tph/change-mode.ts'

/** Where in a file something is written, both from 1. */
export interface Place {
  /** The file's name, or `stdin`. */
  readonly source: string
  readonly line: number
  readonly column: number
}

/** `FILE:LINE:COLUMN`, as editors and compilers have it. */
export function placeText({ source, line, column }: Place): string {
  return `${source}:${line}:${column}`
}

/** Something that was written, and where. */
export interface Written<T> {
  readonly value: T
  readonly place: Place
}

/** What is wanted of one device. What is null is left as it is. */
export interface DesiredDevice {
  readonly device: Written<Bdf>
  /** Four lower-case hex digits that the device must have. */
  readonly vendor: Written<string> | null
  readonly deviceId: Written<string> | null
  readonly mode: Written<WantedMode> | null
  readonly entries: readonly Written<Entry>[]
  /** The CPUs that the whole table is dealt out to; with it there are no entries. */
  readonly policy: Written<Policy> | null
}

/** CPUs to deal a whole ST table out to, in turn. */
export type Policy = Exclude<CpuSelector, { kind: 'none' }>

/** Desired state: no device twice. */
export type DesiredState = readonly DesiredDevice[]
