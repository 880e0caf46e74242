import { existsSync } from 'node:fs'
import { expect } from 'vitest'
import { type ErrorCode, EXIT } from '../../src/errors.ts'
import type { Run, RunOptions } from './run-main.ts'
import { testHost } from './run-main.ts'
import { expectValid } from './schemas.ts'

/** The one line `tphctl: …` and the hint, of a run that wrote nothing else. */
export interface Failure {
  readonly message: string
  readonly hint: string | null
}

/**
 * Asserts that a call fails before anything is done: nothing on stdout, one line and at most one hint on stderr, no device
 * call that could change anything, no state.
 */
export async function expectNothingDone(
  call: string | readonly string[],
  code: ErrorCode,
  options: RunOptions = {},
): Promise<Failure> {
  const words = typeof call === 'string' ? call.split(' ') : call
  const host = testHost()
  const failure = expectFailure(await host.run(words, options), code)
  const traced = await host.run(['-v', ...words], options)
  expect(traced.stderr).not.toMatch(/^(ioctl VFIO_DEVICE_FEATURE SET|write)\b/m)
  expect(existsSync(host.state)).toBe(false)
  expectJsonFailure(await host.run(['--json', ...words], options), code, failure)
  return failure
}

/** Asserts that a run failed with one line on stderr, and perhaps a hint. */
export function expectFailure({ exitCode, stdout, stderr }: Run, code: ErrorCode): Failure {
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: EXIT[code], stdout: '' })
  const match = /^tphctl: (.+)\n(?:hint: (.+)\n)?$/.exec(stderr)
  expect(match, stderr).not.toBeNull()
  return { message: match?.[1] ?? '', hint: match?.[2] ?? null }
}

/** Asserts that json says the same by its schema. */
function expectJsonFailure(run: Run, code: ErrorCode, { message, hint }: Failure): void {
  expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({
    exitCode: EXIT[code],
    stdout: '',
  })
  const { error } = expectValid('error', JSON.parse(run.stderr)) as {
    error: { message: string; hint: string | null; device: string | null; code: string }
  }
  const about = error.device === null ? '' : `${error.device}: `
  expect({ code: error.code, message: about + error.message, hint: error.hint }).toEqual({
    code,
    message,
    hint,
  })
}
