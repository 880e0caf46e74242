/** A call that src made of something outside it. */
export interface Call {
  /** What it is, as `errnos.ts` has it: `open`, `ioctl VFIO_DEVICE_FEATURE SET`. */
  readonly kind: string
  /** What it is about, numbers that differ from run to run left out: `/run/tphctl/BDF.json`. */
  readonly object: string
}

/** Which call fails, and how. */
export interface Fault extends Call {
  /** From 1, among the calls of that kind about that object. */
  readonly occurrence: number
  /** Its name. */
  readonly errno: string
}

/** The name of a group of calls that only their order tells apart. */
export function keyOf({ kind, object }: Call): string {
  return `${kind} ${object}`
}

/**
 * The one place through which every call goes that src makes of the system while a command runs: it notes the call, and says whether
 * it is to fail. Files, libc and the emulated device each ask it before they do anything.
 */
export class Injector {
  readonly calls: Call[] = []
  /** What is open, by fd; of the emulated device a negative number. */
  readonly open = new Map<number, string>()
  /** Closes of what was not open. */
  readonly closedTwice: number[] = []
  /** Whether the fault happened. */
  fired = false
  readonly #fault: Fault | null
  #left: number

  constructor(fault: Fault | null) {
    this.#fault = fault
    this.#left = fault?.occurrence ?? 0
  }

  /** Notes a call. @returns the name of the errno that it fails with; null when it is to be made */
  call(kind: string, object: string): string | null {
    const call = { kind, object: named(object) }
    this.calls.push(call)
    const fault = this.#fault
    if (fault === null || keyOf(fault) !== keyOf(call) || --this.#left !== 0) return null
    this.fired = true
    return fault.errno
  }

  /** Notes that something was opened. */
  opened(fd: number, what: string): void {
    this.open.set(fd, what)
  }

  /** Notes that something was closed. */
  closed(fd: number): void {
    if (!this.open.delete(fd)) this.closedTwice.push(fd)
  }
}

/** Addresses, pids and ordinals say nothing about what a file is. */
function named(object: string): string {
  return object.replace(/[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/g, 'BDF').replace(/\d+/g, 'N')
}

let current: Injector | null = null

/** The injector of the command that runs; null between commands, when no call is src's. */
export function injector(): Injector | null {
  return current
}

/** Runs a command under an injector. */
export async function under<T>(one: Injector, work: () => Promise<T>): Promise<T> {
  current = one
  try {
    return await work()
  } finally {
    current = null
  }
}
