import type { Bdf } from '../args/bdf.ts'
import { TphctlError } from '../errors.ts'
import { setControl } from './control.ts'
import { controlInfo } from './describe.ts'
import { type Host, lookUpTph } from './host.ts'
import type { TphInterface } from './interfaces/types.ts'
import type { ControlInfo, ModeChange } from './results.ts'

/** What a TPH control register can be asked to be: a mode that is on, or off. */
export type WantedMode = ModeChange['wanted']

/** The mode to enable; null where TPH is to be off. */
export function registerMode(mode: WantedMode): Exclude<WantedMode, 'off'> | null {
  return mode === 'off' ? null : mode
}

/** What to ask for to have a register as it was. What nobody can ask for counts as off. */
export function formerMode({ mode, requester }: ControlInfo): WantedMode {
  return requester === 'off' || mode === 'reserved' ? 'off' : mode
}

/**
 * Whether a mode is changed before entries are set, and not after. Where the kernel keeps tags, TPH that is to be off goes off first and
 * TPH that is to be on goes on last, so that no device sends tags that were not meant; where entries can be set only while TPH is on,
 * it has to be the other way round.
 */
export function isModeFirst({ keeper }: Pick<TphInterface, 'keeper'>, wanted: WantedMode): boolean {
  return (wanted === 'off') === (keeper === 'kernel')
}

/** Whether the register is another than before. */
export function isOtherControl({
  before,
  control,
}: Pick<ModeChange, 'before' | 'control'>): boolean {
  return before.mode !== control.mode || before.requester !== control.requester
}

/** The register as it can be seen without the owner's fd; null when it cannot. */
export function presentControl({ backend }: Host, bdf: Bdf): ControlInfo | null {
  try {
    const fn = backend.find(bdf)
    const tph = fn === null ? null : lookUpTph(fn).tph
    return fn === null || tph === null ? null : controlInfo(fn, tph)
  } catch (error) {
    if (error instanceof TphctlError) return null
    throw error
  }
}

/** What a change of the control register came to. */
export interface ModeOutcome {
  readonly change: ModeChange
  readonly error: TphctlError | null
}

/**
 * Changes the control register as `setControl` does, with its errors as a part of the account.
 *
 * @param known the register as it was seen last, in case it cannot be read
 */
export function changeMode(
  host: Host,
  bdf: Bdf,
  wanted: WantedMode,
  known: ControlInfo,
): ModeOutcome {
  try {
    const { value, error } = setControl(host, bdf, registerMode(wanted), false)
    const { before, control } = value
    const fate = error === null ? 'applied' : 'failed'
    return { change: { wanted, fate, before, control, message: error?.message ?? null }, error }
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    const present = presentControl(host, bdf) ?? known
    const untouched = { wanted, before: present, control: present }
    return { change: { ...untouched, fate: 'failed', message: error.message }, error }
  }
}
