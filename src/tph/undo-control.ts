import type { Bdf } from '../args/bdf.ts'
import type { PciFunction } from '../backend/types.ts'
import { TphctlError } from '../errors.ts'
import {
  changeMode,
  formerMode,
  type ModeOutcome,
  presentControl,
  registerMode,
} from './change-mode.ts'
import { setControl } from './control.ts'
import { type ChangeName, DeviceMemory } from './device-memory.ts'
import type { Host } from './host.ts'
import type { UndoRecord } from './ledger-format.ts'
import type { ControlInfo, ModeChange } from './results.ts'

/**
 * Adds to the undo of a command that it changed the control register too. Comes last, when nothing can fail any more but the
 * ledger, which is then a note.
 *
 * @param before the register as the command found it
 */
export function rememberControl(
  host: Host,
  fn: PciFunction,
  name: ChangeName,
  before: ControlInfo,
): void {
  rewriteUndo(host, fn, (undo) => {
    if (undo?.change === name.change) return { ...undo, control: before }
    return { ...name, before: [], intended: [], after: [], control: before }
  })
}

/** Takes the control register out of the undo: it is put back. */
export function forgetControl(host: Host, fn: PciFunction): void {
  rewriteUndo(host, fn, (undo) => {
    if (undo === null) return null
    const { control: _, ...rest } = undo
    return rest.before.length === 0 ? null : rest
  })
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

function rewriteUndo(
  host: Host,
  fn: PciFunction,
  rewrite: (undo: UndoRecord | null) => UndoRecord | null,
): void {
  try {
    const lock = host.backend.lock(fn.bdf, host.waitSeconds)
    try {
      const memory = new DeviceMemory(host, fn)
      memory.finish([], [], rewrite(memory.found?.undo ?? null))
    } finally {
      lock.release()
    }
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    host.notices.note(`${fn.bdf}: its mode is not remembered for undo: ${error.message}`)
  }
}
