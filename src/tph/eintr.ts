import { E } from '../abi/errno.ts'
import { CallError } from '../backend/types.ts'

/** More attempts than any sane signal load needs. */
export const EINTR_ATTEMPTS = 1000

/** Makes a call again as long as a signal interrupts it (design: "EINTR is retried"). @throws what the call throws otherwise */
export function repeating<T>(call: () => T): T {
  for (let attempt = 1; ; attempt++) {
    try {
      return call()
    } catch (error) {
      const interrupted = error instanceof CallError && error.errno === E.EINTR
      if (!interrupted || attempt === EINTR_ATTEMPTS) throw error
    }
  }
}
