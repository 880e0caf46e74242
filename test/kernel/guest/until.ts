import { setTimeout as sleep } from 'node:timers/promises'

const LONGEST_MILLISECONDS = 60_000
const NAP_MILLISECONDS = 5

/** Waits for something to be so. @param what it is, for the error when it takes too long */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + LONGEST_MILLISECONDS
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`waited too long: ${what}`)
    await sleep(NAP_MILLISECONDS)
  }
}
