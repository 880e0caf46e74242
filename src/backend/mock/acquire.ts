import { BusyError } from '../../errors.ts'
import { sleep } from '../../sleep.ts'
import type { GenerationLock } from './generation-lock.ts'

/** How long losing races against others, none of whom holds the lock for long, may go on. */
const RACE_MILLISECONDS = 1000

/**
 * Takes a lock, waiting for it in short naps.
 *
 * @throws BusyError naming the holder once `seconds` are over
 */
export function acquire(lock: GenerationLock, seconds: number, object: string): void {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const holder = lock.tryAcquire()
    if (holder === null) return
    const late = Date.now() - deadline
    if (late >= (holder.pid === 0 ? RACE_MILLISECONDS : 0)) {
      const message = `Cannot lock ${object}: EBUSY, held by pid ${holder.pid} (${holder.command})`
      throw new BusyError(message, { errno: 'EBUSY', hint: 'wait for it with --wait SECONDS' })
    }
    sleep(1 + Math.random() * 4)
  }
}
