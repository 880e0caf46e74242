import type { Signal } from './io.ts'

/** Any long time that a timer can have. */
const LONG_MILLISECONDS = 2 ** 30

/** The part of a process that tells of signals. */
export interface SignalSource {
  on(name: NodeJS.Signals, listener: (name: NodeJS.Signals, number: number) => void): unknown
}

/**
 * Catches signals from now on.
 *
 * @returns what waits for the next one, in the order they came; the process stays alive meanwhile
 */
export function signalQueue(
  source: SignalSource,
  names: readonly NodeJS.Signals[],
): () => Promise<Signal> {
  const arrived: Signal[] = []
  let wake = (): void => {}
  for (const each of names) {
    source.on(each, (name, number) => {
      arrived.push({ name, number })
      wake()
    })
  }
  return async () => {
    for (;;) {
      const signal = arrived.shift()
      if (signal !== undefined) return signal
      await stayAlive((done) => {
        wake = done
      })
    }
  }
}

/** A timer keeps the process alive: signal handlers do not. */
function stayAlive(until: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {}, LONG_MILLISECONDS)
    until(() => {
      clearInterval(timer)
      resolve()
    })
  })
}
