import type { Bdf } from '../args/bdf.ts'
import type { DeviceEntries } from '../args/entry-stream.ts'
import type { Lock } from '../backend/types.ts'
import { findFunction, type Host, lookUpTph, noTph, type TphFunction } from './host.ts'
import { planFound } from './plan-set.ts'

/**
 * Finds out what can be found out before a device is opened, and so reset: that it is there and has TPH, and that what is to be set
 * fits. Where config space is not readable that has to wait for the fd.
 *
 * @throws NotFoundError, UnsupportedError, UsageError
 */
export function checkBeforeOpening(
  host: Host,
  bdfs: readonly Bdf[],
  wanted: readonly DeviceEntries[],
): void {
  const visible = new Map<Bdf, TphFunction>()
  for (const bdf of bdfs) {
    const fn = findFunction(host, bdf)
    const { tph, reason } = lookUpTph(fn)
    if (tph !== null) visible.set(bdf, { fn, tph })
    else if (reason !== 'not-readable') throw noTph(bdf, reason)
  }
  for (const { bdf, entries } of wanted) {
    const found = visible.get(bdf)
    if (found !== undefined) planFound(host, found, entries, { memoryType: 'vm', cycle: false })
  }
}

/**
 * Opens devices that nobody owns, all of them or none, so that this process is their owner until they are given back.
 *
 * @param vfToken see `Backend.hold`
 * @throws what `Backend.hold` throws
 */
export function holdDevices({ backend }: Host, bdfs: readonly Bdf[], vfToken: string | null): Lock {
  const held: Lock[] = []
  // The last opened first: a VF before its PF, and whatever uses the IOMMU files of an earlier device before that.
  const release = (): void => {
    for (const lock of held.splice(0).reverse()) lock.release()
  }
  try {
    for (const bdf of bdfs) held.push(backend.hold(bdf, vfToken))
    return { release }
  } catch (error) {
    release()
    throw error
  }
}
