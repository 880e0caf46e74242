import type { Bdf } from '../args/bdf.ts'
import type { PciFunction } from '../backend/types.ts'
import { naming, TphctlError } from '../errors.ts'
import {
  changeMode,
  formerMode,
  type ModeOutcome,
  presentControl,
  registerMode,
} from './change-mode.ts'
import { setControl } from './control.ts'
import { type ChangeName, DeviceMemory } from './device-memory.ts'
import { EntryTable } from './entry-table.ts'
import type { Host } from './host.ts'
import type { UndoRecord } from './ledger-format.ts'
import { undoOf } from './record.ts'
import type { ControlInfo, ModeChange } from './results.ts'

/**
 * Begins the undo of a command that is going to change the control register, before it does: a command that is killed can be
 * undone too.
 *
 * @param before the register as the command found it
 * @returns the undo of what was changed before this command; null where there was none
 * @throws TphctlError when it cannot be written; nothing may be sent then
 */
export function rememberControl(
  host: Host,
  fn: PciFunction,
  name: ChangeName,
  before: ControlInfo,
): UndoRecord | null {
  const entries = { before: EntryTable.EMPTY, intended: [], after: new Uint16Array() }
  const undo = undoOf(name, { control: before }, entries)
  return naming(fn.bdf, () => rewriteUndo(host, fn, () => undo))
}

/**
 * Takes the control register out of the undo of a command that failed and put it back. Where nothing else is left of the command,
 * the undo is that of what was changed before it again.
 *
 * @param former what `rememberControl` returned
 */
export function takeBackControl(
  host: Host,
  fn: PciFunction,
  { change }: ChangeName,
  former: UndoRecord | null,
): void {
  tryRewriteUndo(host, fn, (undo) =>
    undo?.change === change ? (withoutControl(undo) ?? former) : undo,
  )
}

/** Takes the control register out of the undo: it is put back. */
export function forgetControl(host: Host, fn: PciFunction): void {
  tryRewriteUndo(host, fn, (undo) => (undo === null ? null : withoutControl(undo)))
}

/** Null where that was all. */
function withoutControl({ control: _, ...rest }: UndoRecord): UndoRecord | null {
  return rest.before.length === 0 ? null : rest
}

/** A register that is to be put back and was not touched; nothing where it cannot be seen. */
export function skippedControl(
  host: Host,
  bdf: Bdf,
  before: ControlInfo,
): { control?: ModeChange } {
  const control = presentControl(host, bdf)
  if (control === null) return {}
  const wanted = formerMode(before)
  return { control: { wanted, fate: 'skipped', before: control, control, message: null } }
}

/** Puts the control register back, or under `--dry-run` says what would be written. */
export function putBackControl(
  host: Host,
  fn: PciFunction,
  before: ControlInfo,
  dryRun: boolean,
): ModeOutcome {
  const wanted = formerMode(before)
  if (dryRun) {
    const { value } = setControl(host, fn.bdf, registerMode(wanted), true)
    const { control } = value
    return {
      change: { wanted, fate: 'planned', before: control, control, message: null },
      error: null,
    }
  }
  const { change, error } = changeMode(host, fn.bdf, wanted, before)
  return { change: error === null ? { ...change, fate: 'restored' } : change, error }
}

/** What comes when nothing can fail any more but the ledger, which is then a note. */
function tryRewriteUndo(host: Host, fn: PciFunction, rewrite: Rewrite): void {
  try {
    rewriteUndo(host, fn, rewrite)
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    host.notices.note(`${fn.bdf}: its mode is not remembered for undo: ${error.message}`)
  }
}

type Rewrite = (undo: UndoRecord | null) => UndoRecord | null

/** @returns the undo as it was */
function rewriteUndo(host: Host, fn: PciFunction, rewrite: Rewrite): UndoRecord | null {
  const lock = host.backend.lock(fn.bdf, host.waitSeconds)
  try {
    const memory = new DeviceMemory(host, fn)
    const former = memory.found?.undo ?? null
    memory.finish(EntryTable.EMPTY, EntryTable.EMPTY, rewrite(former))
    return former
  } finally {
    lock.release()
  }
}
