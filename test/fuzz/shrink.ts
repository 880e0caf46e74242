/** How many inputs are tried at most. */
const MOST_TRIES = 600

/**
 * A shorter input with the same fault, by leaving out pieces as long as it still shows.
 *
 * @param shows whether an input has that fault
 */
export async function shrink(
  input: Uint8Array,
  shows: (input: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let best = input
  let tries = 0
  for (let size = Math.ceil(input.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.length && tries < MOST_TRIES; ) {
      const without = Buffer.concat([best.subarray(0, at), best.subarray(at + size)])
      tries++
      if (await shows(without)) best = without
      else at += size
    }
  }
  return best
}
