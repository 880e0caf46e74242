import { TphctlError } from '../../../src/errors.ts'

/** What `action` throws, as the program reports it. */
export function caught(action: () => unknown): {
  exitCode: number
  message: string
  hint: string | undefined
  device: string | undefined
  errno: string | undefined
} {
  try {
    action()
  } catch (error) {
    if (!(error instanceof TphctlError)) throw error
    const { exitCode, message, hint, device, errno } = error
    return { exitCode, message, hint, device, errno }
  }
  throw new Error('nothing was thrown')
}
