import { CLEAR_ENTRY, MAX_ST_ENTRIES } from '../abi/tph-st.ts'
import type { Bdf } from '../args/bdf.ts'
import type { MemoryType } from '../args/entry.ts'
import type { ControlInfo, EntryInfo } from './results.ts'

/** Who set tags, and under which boot and owner: under others nothing of it holds. */
export interface LedgerOwner {
  readonly pid: number
  readonly startTime: string
}

/** What stands behind a tag that GET returned. */
export interface KnownEntry {
  readonly index: number
  readonly st: number
  readonly cpu: number
  readonly memoryType: MemoryType
}

/** What the last change did, enough to put it back. */
export interface UndoRecord {
  /** `set`, `clear` or `apply`. */
  readonly command: string
  /** The same for all devices that one command changed. */
  readonly change: string
  /** Milliseconds since 1970. */
  readonly time: number
  /** All devices the command was about. */
  readonly devices: readonly string[]
  /** The entries before the change. */
  readonly before: readonly EntryInfo[]
  /** The CPUs it meant to set, by index; null clears. */
  readonly intended: readonly { readonly index: number; readonly cpu: number | null }[]
  /** Their tags after the change; null when the command did not live to see them. */
  readonly after: readonly number[] | null
  /** The TPH control register before the change; only where the command changed that too. */
  readonly control?: ControlInfo
}

/** What is remembered about a device. */
export interface Ledger {
  readonly schemaVersion: 1
  readonly device: Bdf
  readonly bootId: string
  readonly owner: LedgerOwner
  readonly entries: readonly KnownEntry[]
  readonly undo: UndoRecord | null
}

/** Whether a parsed file has the form of a ledger, field by field. */
export function isLedger(value: unknown): value is Ledger {
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
    isArrayOf(value['devices'], (one) => typeof one === 'string') &&
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
  return (
    isObject(value) && isIndex(value['index']) && (value['cpu'] === null || isCpu(value['cpu']))
  )
}

function isEntry(value: unknown): value is Record<string, unknown> {
  return (
    isObject(value) &&
    isIndex(value['index']) &&
    isTag(value['st']) &&
    (value['cpu'] === null
      ? value['memoryType'] === null
      : isCpu(value['cpu']) && ['vm', 'pm'].includes(value['memoryType'] as string))
  )
}

function isIndex(value: unknown): boolean {
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
