import { TphctlError } from '../errors.ts'
import { setControl } from '../tph/control.ts'
import type { Host } from '../tph/host.ts'
import type { ControlInfo, DeviceDifference, ModeChange } from '../tph/results.ts'
import { registerMode } from './difference.ts'

/** The changes of TPH control registers that one command makes, and what became of them. */
export class ModeChanges {
  readonly #host: Host
  readonly #changes = new Map<string, ModeChange>()

  /** @param differences of devices, among them those whose mode is to change: until then it counts as skipped */
  constructor(host: Host, differences: readonly DeviceDifference[]) {
    this.#host = host
    for (const { device, mode } of differences) {
      if (mode === null) continue
      const { present: before, desired: wanted } = mode
      const untouched = { wanted, before, control: before, message: null }
      this.#changes.set(device, { ...untouched, fate: 'skipped' })
    }
  }

  /** What became of a device's register; undefined where it was not to change. */
  of(device: string): ModeChange | undefined {
    return this.#changes.get(device)
  }

  /** The devices whose register was changed and stays so. */
  get applied(): { readonly device: string; readonly before: ControlInfo }[] {
    return [...this.#changes].flatMap(([device, { fate, before }]) =>
      fate === 'applied' ? [{ device, before }] : [],
    )
  }

  /** Changes those for which `isMeant` holds, until one fails. @returns the failure */
  change(isMeant: (wanted: ModeChange['wanted']) => boolean): TphctlError | null {
    for (const [device, change] of this.#changes) {
      if (!isMeant(change.wanted)) continue
      const { error, control, before } = attempt(this.#host, device, change)
      const message = error?.message ?? null
      const fate = error === null ? 'applied' : 'failed'
      this.#changes.set(device, { ...change, fate, before, control, message })
      if (error !== null) return error
    }
    return null
  }

  /** Puts back what was changed, the last first. What cannot be put back is told as notes. */
  takeBack(): void {
    for (const { device, before } of this.applied.reverse()) {
      const change = this.#changes.get(device)
      if (change === undefined) continue
      const wanted = before.requester === 'off' || before.mode === 'reserved' ? 'off' : before.mode
      const { error, control } = attempt(this.#host, device, { ...change, wanted })
      if (error === null) this.#changes.set(device, { ...change, fate: 'restored', control })
      else {
        this.#changes.set(device, { ...change, control })
        this.#host.notices.note(`${device}: its mode is not put back: ${error.message}`)
      }
    }
  }
}

function attempt(
  host: Host,
  device: string,
  { wanted, control }: ModeChange,
): { error: TphctlError | null; before: ControlInfo; control: ControlInfo } {
  try {
    const { value, error } = setControl(host, device, registerMode(wanted), false)
    return { error, before: value.before, control: value.control }
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    return { error, before: control, control }
  }
}
