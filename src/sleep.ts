/** Blocks the thread for `milliseconds`; the whole program is synchronous, so nothing else is kept waiting. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

/** Naps are that long at least and at most, in milliseconds. */
const SHORTEST = 1
const LONGEST = 500

/**
 * How long to leave alone what somebody else has, before asking again: a tenth of the time waited so far, so that many who wait
 * long do not keep the one busy that they wait for; by chance up to twice that, so that they do not all ask at once.
 *
 * @param waited in milliseconds, as the result
 */
export function napAfter(waited: number): number {
  const nap = Math.min(Math.max(waited / 10, SHORTEST), LONGEST)
  return nap * (1 + Math.random())
}
