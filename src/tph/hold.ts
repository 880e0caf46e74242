import type { Bdf } from '../args/bdf.ts'
import type { Lock } from '../backend/types.ts'
import type { Host } from './host.ts'

/**
 * Opens devices that nobody owns, all of them or none, so that this process is their owner until they are given back.
 *
 * @param vfToken see `Backend.hold`
 * @throws what `Backend.hold` throws
 */
export function holdDevices({ backend }: Host, bdfs: readonly Bdf[], vfToken: string | null): Lock {
  const held: Lock[] = []
  const release = (): void => {
    for (const lock of held.splice(0)) lock.release()
  }
  try {
    for (const bdf of bdfs) held.push(backend.hold(bdf, vfToken))
    return { release }
  } catch (error) {
    release()
    throw error
  }
}
