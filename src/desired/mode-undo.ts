import type { PciFunction } from '../backend/types.ts'
import { isOtherControl } from '../tph/change-mode.ts'
import type { ChangeName } from '../tph/device-memory.ts'
import type { Host, TphFunction } from '../tph/host.ts'
import type { UndoRecord } from '../tph/ledger-format.ts'
import { rememberControl, takeBackControl } from '../tph/undo-control.ts'
import type { ModeChanges } from './mode-changes.ts'

/** What the ledgers have about the modes that one command changes. */
export class ModeUndo {
  readonly #host: Host
  readonly #name: ChangeName
  readonly #modes: ModeChanges
  /** The undo of what was changed before this command, of each device that was remembered. */
  readonly #former = new Map<PciFunction, UndoRecord | null>()

  constructor(host: Host, name: ChangeName, modes: ModeChanges) {
    this.#host = host
    this.#name = name
    this.#modes = modes
  }

  /**
   * Notes the modes of these devices that are to change, before any does.
   *
   * @throws TphctlError when one cannot be noted; then none is
   */
  remember(devices: readonly TphFunction[]): void {
    try {
      for (const { fn } of devices) {
        const change = this.#modes.of(fn.bdf)
        if (change === undefined) continue
        this.#former.set(fn, rememberControl(this.#host, fn, this.#name, change.before))
      }
    } catch (error) {
      this.takeBack()
      throw error
    }
  }

  /** Forgets those that are as they were, after the command failed. */
  takeBack(): void {
    for (const [fn, former] of this.#former) {
      const change = this.#modes.of(fn.bdf)
      if (change !== undefined && isOtherControl(change)) continue
      takeBackControl(this.#host, fn, this.#name, former)
    }
  }
}
