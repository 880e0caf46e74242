/** The address of the n-th function. */
export function nthBdf(n: number): string
/** A dump of a host as `lspci -D -xxxx` prints it, in pieces. */
export function hostDump(functions?: number, withTph?: number): Generator<string>
/** Lines `DEVICE INDEX=CPU`, shuffled. */
export function entryLines(lines?: number, devices?: number, seed?: number): Generator<string>
