/** Blocks the thread for `milliseconds`; the whole program is synchronous, so nothing else is kept waiting. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
