import { it } from 'vitest'

/** A test of how long something takes. Under mutation it is skipped: the code is watched there, and slower for it. */
export const timed: ReturnType<typeof it.skipIf> = it.skipIf(
  process.env['TPHCTL_MUTATED'] !== undefined,
)

/** Starts to count what this process computes, whatever else the machine does meanwhile. @returns reads it, in milliseconds */
export function stopwatch(): () => number {
  const start = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1000
  }
}
