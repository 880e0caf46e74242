import type { ScriptedRegion } from './scripted-regions.ts'

/** Where config space begins in the file that stands for a device. */
export const CONFIG_AT = 4096

/** How the kernel behind a ScriptedLibc is. */
export interface Script {
  /** The device's config space; its first 4 bytes are the ids. */
  config: Uint8Array
  /** Its BARs, by number; those left out are empty. */
  bars: Readonly<Record<number, ScriptedRegion>>
  /** Errno by the ordinal of the call, from 1. */
  fail: { call: number; errno: number } | null
  apiVersion: number
  groupFlags: number
  iommuTypes: readonly number[]
  /** How often flock finds the lock taken. */
  lockedTimes: number
  /** Called before the call of that name, such as `pidfdGetfd`, answers. */
  before: (call: string) => void
  /** Called with each fd that pidfdGetfd lends. */
  lent: (fd: number) => void
}

/** A kernel that does everything. */
export const DEFAULTS: Omit<Script, 'config'> = {
  bars: {},
  fail: null,
  apiVersion: 0,
  groupFlags: 1,
  iommuTypes: [1, 3],
  lockedTimes: 0,
  before: () => {},
  lent: () => {},
}
