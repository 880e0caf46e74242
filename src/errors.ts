/**
 * Exit codes of the program (design: "Exit codes"); part of the stable contract.
 */
export const EXIT = {
  ok: 0,
  refused: 1,
  usage: 2,
  unsupported: 3,
  notFound: 4,
  permission: 5,
  busy: 6,
  drift: 7,
  internal: 8,
} as const

/** The stable names of the exit codes; json errors carry one as `code`. */
export type ErrorCode = Exclude<keyof typeof EXIT, 'ok'>

/** A line of input that something is said about. */
export interface Place {
  /** `stdin`, or the file's name. */
  readonly source: string
  /** From 1. */
  readonly line: number
}

/** An error as json shows it; part of the stable contract. */
export interface ErrorInfo {
  readonly code: ErrorCode
  readonly exitCode: number
  readonly message: string
  readonly hint: string | null
  readonly device: string | null
  readonly errno: string | null
}

/** What an error may carry beside its message. */
export interface ErrorDetails {
  /** The next command or change that helps, without the `hint: ` prefix. */
  readonly hint?: string
  /** The BDF the error is about. */
  readonly device?: string
  /** The kernel's name of the errno, such as `EINVAL`. */
  readonly errno?: string
}

/**
 * An error the user can act on: one line `Cannot <verb> <object>: <why>`, an exit code and perhaps a hint.
 * Anything thrown that is not of this class is a bug in tphctl.
 */
export class TphctlError extends Error {
  override readonly name: string = 'TphctlError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  /** Filled in by whoever knows which device the work was about. */
  device: string | undefined
  readonly errno: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message)
    this.code = code
    this.hint = details.hint
    this.device = details.device
    this.errno = details.errno
  }

  /** The exit code that `code` stands for. */
  get exitCode(): number {
    return EXIT[this.code]
  }
}

/** The command line or an input file is wrong: exit 2, nothing was sent. */
export class UsageError extends TphctlError {
  override readonly name = 'UsageError'
  constructor(message: string, details?: ErrorDetails) {
    super('usage', message, details)
  }
}

/** The kernel or the device refused, or read back something else: exit 1. */
export class RefusedError extends TphctlError {
  override readonly name = 'RefusedError'
  constructor(message: string, details?: ErrorDetails) {
    super('refused', message, details)
  }
}

/** The device or the kernel lacks what was asked for: exit 3. */
export class UnsupportedError extends TphctlError {
  override readonly name = 'UnsupportedError'
  constructor(message: string, details?: ErrorDetails) {
    super('unsupported', message, details)
  }
}

/** No such device, or no such owner: exit 4. */
export class NotFoundError extends TphctlError {
  override readonly name = 'NotFoundError'
  constructor(message: string, details?: ErrorDetails) {
    super('notFound', message, details)
  }
}

/** A right is missing: exit 5. */
export class PermissionError extends TphctlError {
  override readonly name = 'PermissionError'
  constructor(message: string, details?: ErrorDetails) {
    super('permission', message, details)
  }
}

/** Owned by somebody else, owned by nobody, or locked: exit 6. */
export class BusyError extends TphctlError {
  override readonly name = 'BusyError'
  constructor(message: string, details?: ErrorDetails) {
    super('busy', message, details)
  }
}

/** A check found a difference: exit 7. */
export class DriftError extends TphctlError {
  override readonly name = 'DriftError'
  constructor(message: string, details?: ErrorDetails) {
    super('drift', message, details)
  }
}

/** The same error, said of a device unless it names one already. */
export function aboutDevice<E extends TphctlError>(device: string, error: E): E {
  error.device ??= device
  return error
}

/** Does something about a device: what it throws is said of that device. */
export function naming<T>(device: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof TphctlError ? aboutDevice(device, error) : error
  }
}
