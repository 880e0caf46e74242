import type { Run, RunOptions } from '../helpers/run-main.ts'
import type { Injector } from './injector.ts'

/** What a device is like, in its own memory. */
export interface DeviceState {
  /** The kernel's tag of each entry. */
  readonly tags: readonly number[]
  /** The TPH control register; 0 without one. */
  readonly control: number
}

/** A host on which commands run and are made to fail. */
export interface FaultWorld {
  readonly name: 'mock' | 'linux'
  /** The folder that stands for `/` as far as commands write; `/home/me` is the user's. */
  readonly folder: string
  /** All of this host that commands change, to be brought back. */
  save(): () => void
  /** Runs tphctl in this process. */
  run(call: string, options?: RunOptions): Promise<Run>
  /** A device as it is, read from its memory and not through tphctl. */
  state(bdf: string): DeviceState
  /** Does what the end of the process would do: what it had open is closed, and what goes with it goes. */
  end(injector: Injector): void
  /** The devices whose locks are not free. */
  locked(): readonly string[]
  dispose(): void
}

/** The devices of both worlds: a table in the capability, one in MSI-X, and none. */
export const DEVICES = ['0000:81:00.0', '0000:82:00.0', '0000:83:00.0'] as const

/** Config space and the kernel's table as a state. @param control where the control register is */
export function stateOf(kept: Uint8Array, config: Uint8Array, control: number): DeviceState {
  const tags = new DataView(kept.buffer, kept.byteOffset, kept.length)
  const registers = new DataView(config.buffer, config.byteOffset, config.length)
  return {
    tags: Array.from({ length: kept.length / 2 }, (_, i) => tags.getUint16(2 * i, true)),
    control: registers.getUint32(control, true),
  }
}

/** Where the built-in host's devices have the TPH control register. */
export const CONTROL_AT = 0x1a8
