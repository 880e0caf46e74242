import { it, type TestAPI } from 'vitest'

/** A test of how long something takes. Under mutation it is skipped: the code is watched there, and slower for it. */
export const timed: Pick<TestAPI, 'each'> & ((name: string, run: () => unknown) => void) =
  it.skipIf(process.env['TPHCTL_MUTATED'] !== undefined)
