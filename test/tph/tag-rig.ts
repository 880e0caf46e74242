import { expect } from 'vitest'
import { findTphFunction } from '../../src/tph/host.ts'
import { type Asked, askTags } from '../../src/tph/tag.ts'
import { DS_WITHOUT_TABLE, ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

/** The entry that asking takes. */
export const SCRATCH = 2047

/** A host whose device has no ST table. */
export function rigWithoutTable(): Rig {
  return rigOf([new ScriptedDevice(BDF, DS_WITHOUT_TABLE)])
}

/** `tphctl tag`. */
export function ask(
  { host }: Rig,
  cpus: readonly number[],
  memoryType: 'vm' | 'pm' = 'vm',
  dryRun = false,
): Asked {
  return askTags(host, findTphFunction(host, BDF), cpus, memoryType, dryRun)
}

/** Asserts that nothing of ours is left: entry, fd, lock. */
export function expectTidy({ device, backend }: Rig): void {
  expect(device.tags.every((tag) => tag === 0)).toBe(true)
  expect([device.opens - device.closes, backend.locked]).toEqual([0, 0])
}
