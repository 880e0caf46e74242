import type { Binding } from './binding.ts'

const EINTR = 4
const EIO = 5

/** Makes a C call, again while a signal interrupts it. @returns its result, or the negative errno where that is negative */
export function settle(binding: Binding, call: () => number): number {
  for (;;) {
    const result = call()
    if (result >= 0) return result
    const errno = binding.errno()
    if (errno !== EINTR) return -(errno || EIO) // a failure without errno must not become success
  }
}
