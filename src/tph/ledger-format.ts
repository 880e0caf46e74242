import { CLEAR_ENTRY, MAX_ST_ENTRIES } from '../abi/tph-st.ts'
import type { Bdf } from '../args/bdf.ts'
import type { MemoryType } from '../args/entry.ts'
import type { CpuColumn } from './cpu-column.ts'
import type { EntryTable } from './entry-table.ts'
import type { ControlInfo, EntryInfo } from './results.ts'

/** Who set tags, and under which boot and owner: under others nothing of it holds. */
export interface LedgerOwner {
  readonly pid: number
  readonly startTime: string
}

/** The CPUs that entries were meant to have, in index order; one that is to be cleared has none. */
export interface IntendedCpus {
  readonly indexes: Uint16Array
  readonly cpus: CpuColumn
}

/** What the last change did, enough to put it back. */
export interface UndoRecord {
  /** `set`, `clear` or `apply`. */
  readonly command: string
  /** The same for all devices that one command changed. */
  readonly change: string
  /** Milliseconds since 1970. */
  readonly time: number
  /** All devices the command was about, with a space between them: each of so many has them all. */
  readonly devices: string
  /** The entries before the change. */
  readonly before: EntryTable
  /** What it meant to set. */
  readonly intended: IntendedCpus
  /** Their tags after the change; null when the command did not live to see them. */
  readonly after: Uint16Array | null
  /** The TPH control register before the change; only where the command changed that too. */
  readonly control?: ControlInfo
}

/** What is remembered about a device. */
export interface Ledger {
  readonly schemaVersion: 1
  readonly device: Bdf
  readonly bootId: string
  readonly owner: LedgerOwner
  /** What stands behind tags that GET returned, all with their CPUs. */
  readonly entries: EntryTable
  readonly undo: UndoRecord | null
}

/** Consecutive entries of one memory type, as a file has them where they are many. */
export interface EntryColumns {
  readonly index: number
  readonly st: readonly number[]
  /** As long as `st`; null when no CPU is known, and `memoryType` then is too. */
  readonly cpu: readonly number[] | null
  readonly memoryType: MemoryType | null
}

/** What was meant for an entry, or for consecutive ones; null clears. */
export interface IntendedInFile {
  readonly index: number
  readonly cpu: number | null | readonly (number | null)[]
}

/** A ledger as its file has it. */
export interface LedgerFile extends Omit<Ledger, 'entries' | 'undo'> {
  readonly entries: readonly (EntryInfo | EntryColumns)[]
  readonly undo: UndoInFile | null
}

/** An undo record as a file has it. */
export interface UndoInFile extends Omit<UndoRecord, 'before' | 'intended' | 'after'> {
  readonly before: readonly (EntryInfo | EntryColumns)[]
  readonly intended: readonly IntendedInFile[]
  readonly after: readonly number[] | null
}

/** Whether a parsed file has the form of a ledger, field by field. */
export function isLedgerFile(value: unknown): value is LedgerFile {
  return (
    isObject(value) &&
    value['schemaVersion'] === 1 &&
    typeof value['device'] === 'string' &&
    typeof value['bootId'] === 'string' &&
    isObject(value['owner']) &&
    isNumber(value['owner']['pid']) &&
    typeof value['owner']['startTime'] === 'string' &&
    isArrayOf(value['entries'], (one) => isEntry(one) && one['cpu'] !== null) &&
    (value['undo'] === null || isUndo(value['undo']))
  )
}

function isUndo(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value['command'] === 'string' &&
    typeof value['change'] === 'string' &&
    isNumber(value['time']) &&
    typeof value['devices'] === 'string' &&
    isArrayOf(value['before'], isEntry) &&
    isArrayOf(value['intended'], isIntention) &&
    (value['after'] === null || isArrayOf(value['after'], isTag)) &&
    (value['control'] === undefined || isControl(value['control']))
  )
}

function isControl(value: unknown): boolean {
  return (
    isObject(value) &&
    ['none', 'iv', 'ds', 'reserved'].includes(value['mode'] as string) &&
    ['off', 'tph', 'extended', 'reserved'].includes(value['requester'] as string)
  )
}

function isIntention(value: unknown): boolean {
  if (!isObject(value) || !isIndex(value['index'])) return false
  const { cpu } = value
  if (!Array.isArray(cpu)) return cpu === null || isCpu(cpu)
  return endsInTable(value['index'], cpu) && cpu.every((one) => one === null || isCpu(one))
}

function isEntry(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || !isIndex(value['index'])) return false
  if (Array.isArray(value['st'])) return isColumns(value, value['index'], value['st'])
  return (
    isTag(value['st']) &&
    (value['cpu'] === null
      ? value['memoryType'] === null
      : isCpu(value['cpu']) && ['vm', 'pm'].includes(value['memoryType'] as string))
  )
}

function isColumns(value: Record<string, unknown>, index: number, st: unknown[]): boolean {
  const { cpu, memoryType } = value
  if (!endsInTable(index, st) || !st.every(isTag)) return false
  if (cpu === null) return memoryType === null
  const isWhole = Array.isArray(cpu) && cpu.length === st.length && cpu.every(isCpu)
  return isWhole && ['vm', 'pm'].includes(memoryType as string)
}

function endsInTable(index: number, column: readonly unknown[]): boolean {
  return index + column.length <= MAX_ST_ENTRIES
}

function isIndex(value: unknown): value is number {
  return isNumber(value) && value < MAX_ST_ENTRIES
}

function isTag(value: unknown): boolean {
  return isNumber(value) && value <= 0xffff
}

function isCpu(value: unknown): boolean {
  return isNumber(value) && value < CLEAR_ENTRY
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isArrayOf(value: unknown, isElement: (element: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isElement)
}
