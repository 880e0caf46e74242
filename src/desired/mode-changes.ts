import { aboutDevice, type TphctlError } from '../errors.ts'
import { changeMode, formerMode, type WantedMode } from '../tph/change-mode.ts'
import type { Host } from '../tph/host.ts'
import type { ModeChange } from '../tph/results.ts'
import type { DeviceDifference } from './results.ts'

/** Which of the changes are meant. */
export type IsMeant = (wanted: WantedMode, device: string) => boolean

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

  /** Changes those for which `isMeant` holds, until one fails. @returns the failure */
  change(isMeant: IsMeant): TphctlError | null {
    for (const [device, change] of this.#changes) {
      if (!isMeant(change.wanted, device)) continue
      const done = changeMode(this.#host, device, change.wanted, change.control)
      this.#changes.set(device, done.change)
      if (done.error !== null) return aboutDevice(device, done.error)
    }
    return null
  }

  /** Puts back those of them that were changed, the last first. What cannot be put back is told as notes. */
  takeBack(isMeant: IsMeant): void {
    for (const [device, change] of [...this.#changes].reverse()) {
      const { fate, before, wanted } = change
      if (fate !== 'applied' || !isMeant(wanted, device)) continue
      const back = changeMode(this.#host, device, formerMode(before), change.control)
      const { control } = back.change
      const isBack = back.error === null
      this.#changes.set(device, { ...change, fate: isBack ? 'restored' : 'applied', control })
      if (back.error === null) continue
      this.#host.notices.note(`${device}: its mode is not put back: ${back.error.message}`)
    }
  }
}
