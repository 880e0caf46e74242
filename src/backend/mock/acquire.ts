import { BusyError } from '../../errors.ts'
import { napAfter, sleep } from '../../sleep.ts'
import type { GenerationLock } from './generation-lock.ts'
import type { LockHolder } from './lock-holder.ts'

/** How long losing races against others, none of whom holds the lock for long, may go on. */
const RACE_MILLISECONDS = 1000

/**
 * Takes a lock, waiting for it in naps.
 *
 * @param hint what helps the user when it is not to be had
 * @throws BusyError naming the holder once `seconds` are over
 */
export function acquire(
  lock: GenerationLock,
  seconds: number,
  object: string,
  hint?: string,
): void {
  const begun = Date.now()
  const deadline = begun + seconds * 1000
  for (;;) {
    const holder = lock.tryAcquire()
    if (holder === null) return
    const late = Date.now() - deadline
    if (late >= (holder === 'lost' ? RACE_MILLISECONDS : 0)) {
      throw new BusyError(`Cannot lock ${object}: EBUSY, ${describe(holder)}`, {
        errno: 'EBUSY',
        ...(hint === undefined ? {} : { hint }),
      })
    }
    sleep(napAfter(Date.now() - begun))
  }
}

function describe(holder: LockHolder | 'lost'): string {
  if (holder === 'lost') return 'others take it again and again'
  const { pid, command } = holder
  return pid === null
    ? `held by an unknown process (${command})`
    : `held by pid ${pid} (${command})`
}
